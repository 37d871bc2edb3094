from dataclasses import replace
from typing import Any

import pytest

from bot.domain.draft import Draft, Foreseen
from bot.domain.errors import (
    AlreadyHeld,
    ContactAmbiguous,
    ContactNotFound,
    NotHeld,
    OfferGone,
    Unavailable,
)
from bot.domain.request import Action
from tests.unit.core.world import BUNDLE, JANE, Raise


def draft(**told):
    given: dict[str, Any] = {"action": Action.GRANT, "provider": "kajabi", "address": JANE.address, "offer": BUNDLE}
    return Draft(**given | told)


@pytest.mark.parametrize("typed", ["", "jane", "jane@example"])
async def test_nothing_is_foreseen_while_the_address_is_being_typed(core, typed):
    core.booth.calls.clear()

    assert await core.lookups.foresee(draft(address=typed)) == Foreseen()
    assert core.booth.calls == []


async def test_a_form_foresees_the_world_and_the_effects(core):
    core.booth.holds("8")

    foreseen = await core.lookups.foresee(draft(welcome_email=True))

    assert foreseen.problem is None
    assert foreseen.reading is not None
    assert [one.title for one in foreseen.reading.holdings] == ["Starter"]
    assert foreseen.effects == ("A welcome mail may go out.",)


async def test_without_an_offer_a_form_foresees_what_is_held(core):
    foreseen = await core.lookups.foresee(draft(offer=None, welcome_email=True))

    assert foreseen.reading is not None
    assert (foreseen.effects, foreseen.problem) == ((), None)


@pytest.mark.parametrize(
    ("told", "holds", "problem"),
    [
        ({"address": "nobody@example.com"}, (), ContactNotFound),
        ({}, ("7",), AlreadyHeld),
        ({"action": Action.REVOKE}, (), NotHeld),
        ({"offer": replace(BUNDLE, listed=False)}, (), OfferGone),
    ],
    ids=["nobody has the address", "held already", "not held", "archived"],
)
async def test_a_form_foresees_that_it_is_pointless_when(core, told, holds, problem):
    core.booth.holds(*holds)

    foreseen = await core.lookups.foresee(draft(**told))

    assert isinstance(foreseen.problem, problem)
    assert foreseen.effects == ()


async def test_a_new_contact_is_foreseen_where_one_is_asked_for(core):
    foreseen = await core.lookups.foresee(draft(address="new@example.com", creates_contact=True))

    assert foreseen.problem is None


@pytest.mark.parametrize("error", [Unavailable("kajabi", "no connection"), ContactAmbiguous()], ids=["down", "several"])
async def test_why_nothing_can_be_foreseen_is_part_of_the_preview(core, error):
    core.booth.reads.append(Raise(error))

    assert (await core.lookups.foresee(draft())) == Foreseen(problem=error)

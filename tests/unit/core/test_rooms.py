"""A rule's own channel, while a request is prepared."""

from dataclasses import replace

import pytest

from bot.domain import editing
from bot.domain.request import State
from bot.policy_file import read_policy
from tests.unit.core.test_preparer import A_FORM
from tests.unit.core.world import ADA, BUNDLE, JANE, STARTER, a_core

RULES = """
[[rule]]
name = "dear"
when.price = { over = 100, currency = "USD" }
approvers = ["UBOB", "UEVE"]
channel = "CLEADS"

[default]
approvers = ["UBOB", "UEVE"]
"""


@pytest.fixture
async def core(tmp_path):
    async with a_core(tmp_path, policy=read_policy(RULES)) as core:
        yield core


async def test_who_is_not_in_the_rules_channel_is_asked_directly(core):
    core.town.away = {"CLEADS": {"UEVE"}, "CSALES": {"UBOB"}}
    case = await core.asked()

    assert (case.request.channel, case.request.preview["outside"]) == ("CLEADS", ["UEVE"])
    assert (await core.event(case, "request.prepared")).data["moved"] == "CLEADS"


async def test_where_the_rules_channel_is_closed_it_is_given_back_before_the_provider_is_asked(core):
    core.town.closed.add("CLEADS")
    case = await core.asked()

    assert (case.request.state, case.request.note) == (State.CANCELLED, "RoomClosed")
    assert core.booth.calls == []


async def test_a_channel_that_the_rule_does_not_use_may_be_closed(core):
    core.town.closed.add("CSALES")

    assert (await core.asked()).request.state is State.PENDING
    assert (await core.asked(offer_id=STARTER.id)).request.note == "ChannelUnreachable"


async def test_the_channel_of_the_rule_that_decides_by_the_offer_as_it_is_now_counts(core):
    dearer, cheaper = await core.asks(offer_id=STARTER.id), await core.asks(reason="another")
    core.booth.offers = {STARTER.id: replace(STARTER, price=50_000), BUNDLE.id: replace(BUNDLE, price=100)}
    await core.prepares()

    assert (await core.again(dearer)).request.channel == "CLEADS"
    assert (await core.again(cheaper)).request.channel == "CSALES"


async def test_a_channel_that_turns_out_to_be_closed_once_the_price_is_known_gives_it_back(core):
    case = await core.asks(offer_id=STARTER.id)
    core.booth.offers[STARTER.id] = replace(STARTER, price=50_000)
    core.town.closed.add("CLEADS")
    await core.prepares()

    assert (await core.again(case)).request.note == "RoomClosed"


@pytest.mark.parametrize(
    ("before", "after", "rule", "channel"),
    [(BUNDLE, STARTER, "default", "CLEADS"), (STARTER, BUNDLE, "dear", "CSALES")],
    ids=["out of the rule", "into the rule"],
)
async def test_a_card_that_stands_stays_where_it_is_whatever_is_asked_by_then(core, before, after, rule, channel):
    case = await core.asked(offer_id=before.id)

    def edit(case, contact):
        asked = replace(A_FORM, offer_id=after.id)
        return editing.edit(case, asked, offer=after, contact=contact, by=ADA, shown=1, now=core.clock())

    await core.store.edit(case.request.id, edit, address=JANE.address)
    await core.prepares()
    anew = await core.again(case)

    assert (anew.request.version, anew.request.preview["rule"], anew.request.channel) == (2, rule, channel)
    assert "moved" not in (await core.store.history(case.request.id))[-1].data

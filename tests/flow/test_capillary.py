"""The same desk over Capillary: people ask and approve as ever, and what is Capillary's own is told in its words."""

import pytest

from bot.sandbox.capillary import Conduct, Kind, LocalCapillary
from bot.sandbox.kajabi import LocalKajabi
from bot.sandbox.server import LocalSlack
from bot.sandbox.town import furnish
from bot.settings import Settings
from tests.flow.conftest import Desk, settings_for
from tests.flow.following import over_http
from tests.flow.manners import assert_manners
from tests.flow.steps import typed

JANE, MOBILE = "jane@example.com", "+919111111111"


class Program(Desk):
    """A desk whose provider is one loyalty program."""

    def __init__(self, town, slack, capillary, settings, *, clock):
        super().__init__(town, slack, None, settings, clock=clock)
        self.capillary = capillary

    def holds(self, address):
        return {self.capillary.promotion(one).name for one in self.capillary.holds(address)}


@pytest.fixture
def conduct():
    return Conduct()


@pytest.fixture
async def desk(town, transport, clock, tmp_path, conduct):
    async with LocalCapillary(clock=clock, conduct=conduct) as capillary, LocalSlack(town.workspace) as slack:
        program = capillary.add_program("Miles")
        capillary.add_promotion("Double Miles", issues=5, enrolments=5)
        capillary.add_promotion("Lounge Pass", Kind.DIRECT, issues=5)
        capillary.add_promotion("For All", Kind.GENERIC)
        capillary.add_customer("Jane", "Doe", email=JANE, mobile=MOBILE.removeprefix("+"), external_id="AbC-17")
        settings = settings_for(
            slack,
            capillary,
            tmp_path,
            transport=transport,
            providers=("capillary",),
            capillary_api_url=capillary.url,
            capillary_key="key",
            capillary_secret="secret",
            capillary_program_id=program.id,
            capillary_rate=6000,
        )
        found = Program(town, slack, capillary, settings, clock=clock)
        await found.start()
        yield found
        await found.stop()
        assert_manners(found.workspace, expected=found.expected_refusals)


async def approved(desk, command, ending="Done, verified"):
    card, question = await desk.asks(desk.ada, command)
    asked = question.plain
    await desk.grace.presses("approve", question)
    told = await desk.ada.sees(ending, in_=card)
    return asked, told


async def test_a_promotion_is_enrolled_in_and_issued_and_taken_back_by_the_ids_that_were_given(desk):
    asked, told = await approved(desk, f"/offer grant {JANE} double miles because delayed flight")
    assert "Two steps: the customer is enrolled, then the promotion is issued." in asked
    assert "Jane Doe now has Double Miles" in told.plain
    assert desk.holds(JANE) == {"Double Miles"}

    asked, told = await approved(desk, f"/offer revoke {JANE} double miles because claimed twice")
    assert "Holds now: Double Miles (granted, since" in asked
    assert "issued as " in asked
    assert "Jane Doe no longer has Double Miles" in told.plain
    assert desk.holds(JANE) == set()


@over_http
@pytest.mark.parametrize("address", [MOBILE, "id:{}", "ext:AbC-17"])
async def test_a_customer_is_asked_for_by_what_names_them(desk, address):
    address = address.format(desk.capillary.customer(JANE).id)
    await approved(desk, f"/offer grant {address} lounge because delayed flight")

    assert desk.holds(JANE) == {"Lounge Pass"}
    await typed(desk.ada, f"/offer who {address}", "Lounge Pass")


@over_http
async def test_what_somebody_else_has_issued_is_refused_with_what_to_do(desk):
    desk.capillary.issue(JANE, desk.capillary.promotion(next(iter(desk.capillary.books.promotions.values()))))
    _, told = await approved(desk, f"/offer revoke {JANE} double miles because claimed twice", "Failed")

    assert "nothing was changed" in told.plain
    assert "CAPILLARY_ISSUED_IDS_PROVED" in told.plain
    assert desk.holds(JANE) == {"Double Miles"}


@over_http
async def test_a_second_step_that_is_refused_is_told_as_a_part(desk):
    next(iter(desk.capillary.books.promotions.values())).issues = 0
    _, told = await approved(desk, f"/offer grant {JANE} double miles because delayed flight", "Done only in part")

    assert "Capillary did only a part of it: enrolment " in told.plain
    assert "nothing was changed" not in told.plain


@over_http
async def test_a_pause_between_the_two_steps_is_told_as_a_part_and_sends_no_second_one(desk):
    held = desk.capillary.trouble("held", method="POST", path="*/enrolAndEarn", times=1)
    card, question = await desk.asks(desk.ada, f"/offer grant {JANE} double miles because delayed flight")
    await desk.grace.presses("approve", question)
    await desk.capillary.until_called("POST", "*/enrolAndEarn")
    await desk.olga.types("/offer pause have a look", channel="#alerts")
    await desk.olga.sees("Paused. Nothing is sent from now on", in_="ephemeral")
    held.release()
    told = await desk.ada.sees("Done only in part", in_=card)

    assert "Capillary did only a part of it: enrolment " in told.plain
    assert "nothing was changed" not in told.plain
    assert [what for what, _, _ in desk.capillary.effects] == ["ENROL"]


@over_http
async def test_a_grant_whose_answer_is_lost_is_read_and_told_as_done(desk):
    desk.capillary.trouble("timeout_after", method="POST", path="*/enrolAndEarn", closed=True)
    await approved(desk, f"/offer grant {JANE} double miles because delayed flight")

    assert set(desk.capillary.effects.values()) == {1}


@over_http
@pytest.mark.parametrize("conduct", [Conduct(timelines=False)])
async def test_what_cannot_be_read_back_is_told_as_confirmed_alone(desk):
    asked, told = await approved(
        desk, f"/offer grant {JANE} double miles because delayed flight", "cannot be read back"
    )

    assert "the result will rest on its confirmation alone" in asked
    assert "Confirmed by Capillary; cannot be read back: Jane Doe now has Double Miles." in told.plain


@pytest.fixture
async def both(desk, clock):
    """The same desk with Kajabi before Capillary."""
    async with LocalKajabi(clock=clock) as kajabi:
        furnish(kajabi)
        kept = desk.settings.model_dump() | {"providers": ("kajabi", "capillary"), "kajabi_api_url": kajabi.url}
        await desk.stop()
        desk.settings = Settings(_env_file=None, **kept)
        desk.kajabi = kajabi
        await desk.start()
        yield desk
        await desk.stop()


@over_http
async def test_with_two_providers_on_capillary_chooses_the_second(both):
    await approved(both, f"/offer grant {JANE} double miles on capillary because delayed flight")
    assert both.holds(JANE) == {"Double Miles"}

    await approved(both, f"/offer grant {JANE} everything bundle because delayed flight")
    assert "Everything Bundle" in {both.kajabi.offer(one).title for one in both.kajabi.holds(JANE)}


@over_http
async def test_who_is_not_there_is_not_there_at_the_provider_that_was_asked(both):
    await typed(both.ada, "/offer who nobody@example.com on capillary", "Capillary knows no")
    await typed(both.ada, "/offer who nobody@example.com", "Kajabi knows no")


@over_http
async def test_a_number_names_nobody_at_a_provider_that_takes_none(both):
    await both.ada.types(f"/offer who {MOBILE}", channel="#support")
    await both.ada.sees("is not an e-mail address", in_="ephemeral")

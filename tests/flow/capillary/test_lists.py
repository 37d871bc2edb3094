"""Lists over a loyalty program: two steps for each customer, at the pace of the API, and many in one call."""

import pytest

from bot.domain.bulk import BulkSubmission
from bot.domain.request import Action, ChangeState, Choice, State, Submission
from bot.domain.roster import Row
from bot.sandbox.town import SUPPORT
from tests.flow.test_list_work import ENDED, comes, person, until

GIVEN, TAKEN = "/v2/promotion/bulk/enrolAndEarn", "/v2/promotion/bulk/revokeEnrolAndEarn"
#: the calls of the preview are not counted; after it, a customer is looked at once before and once after the change
LOOKS = 2
TITLES = {"Double Miles": 2, "Lounge Pass": 1}


@pytest.fixture
def transport():
    """Slack has little to do here."""
    return "http"


@pytest.fixture
async def paced(desk, settings_told):
    """The desk with other settings."""
    await desk.stop()
    desk.settings = desk.settings.model_copy(update=settings_told)
    await desk.start()
    return desk


@pytest.fixture
def settings_told():
    """A tenth of the time that there is by default: 60 calls a minute, and a lease of 30 seconds."""
    return {"capillary_rate": 600, "lease_seconds": 3.0}


def people(desk, count):
    addresses = [f"p{number}@example.com" for number in range(count)]
    for address in addresses:
        desk.capillary.add_customer(address.partition("@")[0], email=address)
    return addresses


async def shown(desk, addresses, title, action=Action.GRANT):
    case = await desk.bot.service.submit_bulk(
        BulkSubmission(
            action=action,
            provider="capillary",
            requester=person(desk.ada),
            channel=SUPPORT,
            offer_id=str(desk.promotion(title).id),
            reason="the autumn flight",
            key=f"{title} {action.value}",
            rows=tuple(Row(line=line, customer=address) for line, address in enumerate(addresses, start=2)),
            file_name="flight.csv",
        )
    )
    return await until(desk, case.request.id, {State.PENDING, State.CANCELLED}, within=60)


async def approved(desk, case):
    await desk.bot.service.decide(case.request.id, Choice.APPROVE, by=person(desk.grace), shown=case.request.version)


async def done(desk, addresses, title, action=Action.GRANT):
    case = await shown(desk, addresses, title, action)
    before = calls(desk)
    await approved(desk, case)
    case = await until(desk, case.request.id, ENDED, within=120)
    outcomes = [one async for one in desk.bot.parts.store.outcomes(case.request.id)]
    assert {(one.outcome, one.why) for one in outcomes} == {("done", "verified")}
    assert case.counts[ChangeState.SUCCEEDED] == len(addresses)
    return calls(desk) - before


def calls(desk):
    return len([one for one in desk.capillary.calls if "oauth" not in one.path])


def sizes(desk, path):
    return [len(call.body["customers"]) for call in desk.capillary.called("POST", path)]


def holders(desk, addresses, title):
    return [address for address in addresses if title in desk.holds(address)]


async def test_a_list_of_two_steps_gets_through_at_the_default_pace_and_nobody_is_left_between_the_steps(paced):
    addresses = people(paced, 16)
    made = await done(paced, addresses, "Double Miles")

    assert holders(paced, addresses, "Double Miles") == addresses
    assert made <= 16 * (LOOKS + 2) + 4
    steps = [call.body["bulkAction"] for call in paced.capillary.called("POST", GIVEN)]
    assert steps == ["ENROL", "EARN"] * 16  # nobody waits between the two for anybody else's first

    await done(paced, addresses, "Double Miles", Action.REVOKE)
    assert holders(paced, addresses, "Double Miles") == []


async def test_a_person_is_served_while_a_list_goes_on_at_the_default_pace(paced):
    addresses = people(paced, 40)
    case = await shown(paced, addresses, "Double Miles")
    await approved(paced, case)

    async def begun():
        return len(sizes(paced, GIVEN)) > 2

    await comes(begun)
    single = Submission(
        action=Action.GRANT,
        provider="capillary",
        requester=person(paced.ada),
        channel=SUPPORT,
        address="jane@example.com",
        offer_id=str(paced.promotion("Double Miles").id),
        reason="refund case 4412",
        key="single",
    )
    asked = await paced.bot.service.submit(single)
    asked = await until(paced, asked.request.id, {State.PENDING}, within=30)
    await approved(paced, asked)
    asked = await until(paced, asked.request.id, ENDED, within=30)

    assert asked.request.state is State.SUCCEEDED
    listed = await paced.bot.service.case(case.request.id)
    assert listed.request.state is State.EXECUTING
    assert listed.unsent > 0


class TestInBatches:
    """CAPILLARY_BATCH is 100."""

    @pytest.fixture
    def settings_told(self):
        return {"capillary_rate": 6000, "capillary_batch": 100}

    @pytest.mark.parametrize("title", TITLES)
    async def test_a_hundred_customers_go_into_one_call(self, paced, title):
        addresses = people(paced, 200)
        made = await done(paced, addresses, title)

        assert sizes(paced, GIVEN) == [100] * 2 * TITLES[title]
        assert holders(paced, addresses, title) == addresses
        assert made <= 200 * (LOOKS + 0.05)

        made = await done(paced, addresses, title, Action.REVOKE)
        assert sizes(paced, TAKEN) == [100] * 2 * TITLES[title]
        assert holders(paced, addresses, title) == []
        assert made <= 200 * (LOOKS + 0.05)

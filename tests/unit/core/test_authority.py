import pytest

from bot.authority import is_group
from bot.domain.errors import (
    BotAccount,
    Deactivated,
    GuestAccount,
    NobodyMayDecide,
    NotApprover,
    NotConcerned,
    OtherWorkspace,
    OwnRequest,
    StandingUnknown,
)
from bot.domain.request import Person
from tests.unit.core.world import ADA, BOB, EVE, a_core

MALLORY = Person("T1", "UMALLORY")


@pytest.fixture
async def grouped(tmp_path):
    """Approvers are Bob and a group; Root is an admin."""
    async with a_core(tmp_path, approvers=("UBOB", "SBOSSES"), admins=("UROOT",)) as core:
        core.town.groups["SBOSSES"] = {"UEVE", "UOLGA"}
        yield core


def reason(verdict):
    return type(verdict.refusal) if verdict.refusal is not None else None


def test_ids_of_groups_are_told_from_ids_of_people():
    assert is_group("S0123")
    assert not is_group("U0123")
    assert not is_group("W0123")


async def test_deciders_are_the_approvers_and_the_members_of_their_groups(grouped):
    assert await grouped.authority.deciders() == {"UBOB", "UEVE", "UOLGA"}


@pytest.mark.parametrize("told", [{"active": False}, {"guest": True}, {"bot": True}, {"ours": False}], ids=str)
async def test_an_account_that_takes_no_part_is_no_decider(grouped, told):
    grouped.town.turns("UEVE", **told)

    assert await grouped.authority.deciders() == {"UBOB", "UOLGA"}


async def test_every_one_of_a_large_group_is_looked_at(grouped):
    members = [f"U{number:03}" for number in range(25)]
    grouped.town.groups["SBOSSES"] = set(members)
    grouped.town.turns("U024", active=False)

    assert await grouped.authority.deciders() == {"UBOB", *members[:-1]}


async def test_whoever_may_decide_is_asked_with_the_age_that_is_wanted(grouped):
    await grouped.authority.deciders(max_age=42)

    assert set(grouped.town.ages) == {("SBOSSES", 42), ("UBOB", 42), ("UEVE", 42), ("UOLGA", 42)}


async def test_anybody_may_ask_as_long_as_somebody_else_may_decide(grouped):
    assert reason(await grouped.authority.may_request(MALLORY)) is None
    assert reason(await grouped.authority.may_request(BOB)) is None


async def test_nobody_may_ask_when_all_others_who_could_decide_are_gone(grouped):
    grouped.town.turns("UEVE", active=False)
    grouped.town.turns("UOLGA", guest=True)

    assert reason(await grouped.authority.may_request(BOB)) is NobodyMayDecide
    assert reason(await grouped.authority.may_request(MALLORY)) is None


async def test_asking_looks_at_no_more_accounts_than_it_must(grouped):
    await grouped.authority.may_request(MALLORY)

    assert [one for one, _ in grouped.town.ages if one.startswith("U")] == ["UMALLORY", "UBOB"]


@pytest.mark.parametrize(
    ("told", "refused"),
    [
        ({"active": False}, Deactivated),
        ({"guest": True}, GuestAccount),
        ({"bot": True}, BotAccount),
        ({"ours": False}, OtherWorkspace),
    ],
    ids=["switched off", "a guest", "a bot", "of another workspace"],
)
async def test_an_account_may_do_nothing_at_all_when_it_is(grouped, told, refused):
    case = await grouped.asked()
    grouped.town.turns("UEVE", **told)

    assert reason(await grouped.authority.may_request(EVE)) is refused
    assert reason(await grouped.authority.may_decide(case.request, EVE)) is refused
    assert reason(await grouped.authority.may_read_all(EVE)) is refused
    with pytest.raises(refused):
        await grouped.authority.may_look(EVE)


@pytest.mark.parametrize(
    ("who", "refused"),
    [("UBOB", None), ("UEVE", None), ("UADA", OwnRequest), ("UMALLORY", NotApprover), ("UROOT", NotApprover)],
    ids=["named", "in a named group", "the requester", "anybody", "an admin"],
)
async def test_who_may_decide(grouped, who, refused):
    case = await grouped.asked()

    assert reason(await grouped.authority.may_decide(case.request, Person("T1", who))) is refused


async def test_who_leaves_the_group_decides_no_more(grouped):
    case = await grouped.asked()
    grouped.town.groups["SBOSSES"].discard("UEVE")

    assert reason(await grouped.authority.may_decide(case.request, EVE)) is NotApprover


async def test_admins_and_approvers_read_everything(grouped):
    verdicts = [await grouped.authority.may_read_all(Person("T1", one)) for one in ("UROOT", "UBOB", "UEVE")]

    assert [one.allowed for one in verdicts] == [True, True, True]
    assert reason(await grouped.authority.may_read_all(MALLORY)) is NotApprover


@pytest.mark.parametrize(
    ("who", "channel", "concerned"),
    [
        ("UADA", None, True),
        ("UBOB", None, True),
        ("UROOT", None, True),
        ("UMALLORY", "CSALES", True),
        ("UMALLORY", "CELSEWHERE", False),
        ("UMALLORY", None, False),
    ],
    ids=["the requester", "an approver", "an admin", "who stands in its channel", "elsewhere", "in private"],
)
async def test_a_request_is_the_business_of(grouped, who, channel, concerned):
    case = await grouped.asked()
    demand = grouped.authority.demand_part(case.request, Person("T1", who), channel=channel)

    if concerned:
        await demand
    else:
        with pytest.raises(NotConcerned):
            await demand


async def test_a_guest_has_no_part_even_where_the_card_stands(grouped):
    case = await grouped.asked()
    grouped.town.turns("UMALLORY", guest=True)

    with pytest.raises(GuestAccount):
        await grouped.authority.demand_part(case.request, MALLORY, channel=case.request.channel)


# --- does the approval still count? --------------------------------------------------------------------------------


async def test_an_approval_counts_as_long_as_its_approver_could_approve_again(grouped):
    case = await grouped.approved()

    assert await grouped.authority.lapsed(case) is None
    grouped.town.turns("UBOB", active=False)
    assert isinstance(await grouped.authority.lapsed(case), Deactivated)


async def test_an_approval_by_a_group_lapses_with_the_membership(grouped):
    case = await grouped.asked()
    await grouped.decides(case, by=EVE)
    case = await grouped.again(case)
    grouped.town.groups["SBOSSES"].discard("UEVE")

    assert isinstance(await grouped.authority.lapsed(case), NotApprover)


async def test_what_nobody_has_approved_does_not_count(grouped):
    assert isinstance(await grouped.authority.lapsed(await grouped.asked()), NotApprover)


async def test_when_slack_cannot_say_nothing_is_decided(grouped):
    case = await grouped.approved()
    grouped.town.silent = True

    for question in (
        grouped.authority.may_request(ADA),
        grouped.authority.may_decide(case.request, BOB),
        grouped.authority.may_read_all(BOB),
        grouped.authority.may_look(ADA),
        grouped.authority.lapsed(case),
        grouped.authority.deciders(),
    ):
        with pytest.raises(StandingUnknown):
            await question

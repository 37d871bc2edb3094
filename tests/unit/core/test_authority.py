from dataclasses import replace

import pytest

from bot.domain.errors import (
    BotAccount,
    Deactivated,
    GroupGone,
    GuestAccount,
    NobodyMayDecide,
    NotApprover,
    NotConcerned,
    OtherWorkspace,
    OwnRequest,
    RefusedByRule,
    RulesChanged,
    StandingUnknown,
)
from bot.domain.policy import is_group
from bot.domain.request import Action, Person, Submission
from bot.policy_file import read_policy
from tests.unit.core.world import ADA, BOB, BUNDLE, EVE, STARTER, a_core

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
    assert reason(await grouped.authority.may_decide(case, EVE)) is refused
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

    assert reason(await grouped.authority.may_decide(case, Person("T1", who))) is refused


async def test_who_leaves_the_group_decides_no_more(grouped):
    case = await grouped.asked()
    grouped.town.groups["SBOSSES"].discard("UEVE")

    assert reason(await grouped.authority.may_decide(case, EVE)) is NotApprover


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
        grouped.authority.may_decide(case, BOB),
        grouped.authority.may_read_all(BOB),
        grouped.authority.may_look(ADA),
        grouped.authority.lapsed(case),
        grouped.authority.deciders(),
    ):
        with pytest.raises(StandingUnknown):
            await question


# --- rules ---------------------------------------------------------------------------------------------------------


RULES = """
[[rule]]
name = "again"
when.customer_history = { at_least = 1, within_days = 30 }
approvers = "UEVE"

[[rule]]
name = "often"
when.requester_history = { at_least = 1, within_days = 1, reason = "*refund*" }
refuse = "Once a day."

[[rule]]
name = "bosses ask"
when = { requester = "SBOSSES", title = "gold*" }
approvers = "UBOB"

[default]
approvers = ["UBOB", "SBOSSES"]
"""
DAY = 86_400.0


@pytest.fixture
async def ruled(tmp_path):
    async with a_core(tmp_path, policy=read_policy(RULES)) as core:
        core.town.groups["SBOSSES"] = {"UEVE", "UOLGA"}
        yield core


async def rule_of(core, case):
    return (await core.authority.ruling(case)).rule


async def test_the_rule_that_decides_is_found_by_what_is_asked_and_by_whom(ruled):
    assert await rule_of(ruled, await ruled.asked()) == "default"
    ruled.clock.passes(31 * DAY)
    assert await rule_of(ruled, await ruled.asked(requester=EVE)) == "bosses ask"
    ruled.clock.passes(31 * DAY)
    assert await rule_of(ruled, await ruled.asked(requester=EVE, offer_id="8")) == "default"


async def test_what_was_asked_before_for_the_customer_counts_and_what_comes_later_does_not(ruled):
    first = await ruled.asked()
    ruled.clock.passes(DAY)
    second = await ruled.asked(requester=EVE)

    assert [await rule_of(ruled, one) for one in (first, second)] == ["default", "again"]
    assert second.request.preview["approvers"] == ["UEVE"]
    assert second.request.preview["policy"] == ruled.authority.policy.digest


async def test_a_submission_is_judged_by_the_rules_and_the_same_form_again_is_the_same(ruled):
    case = await ruled.asked(requester=EVE, offer_id="8", key="form-1")
    same = Submission(
        action=case.request.action,
        provider="kajabi",
        requester=EVE,
        channel="CSALES",
        address="new@example.com",
        offer_id="8",
        reason="refund",
        key="form-1",
    )
    now = ruled.clock() + 1

    await ruled.authority.demand_submission(same, STARTER, now=now)
    with pytest.raises(RefusedByRule, match="Once a day"):
        await ruled.authority.demand_submission(replace(same, key="form-2"), STARTER, now=now)


async def test_nobody_may_ask_under_a_rule_that_leaves_nobody_else_to_decide(ruled):
    ruled.town.groups["SBOSSES"] = {"UBOB"}
    submission = Submission(
        action=Action.GRANT,
        provider="kajabi",
        requester=BOB,
        channel="CSALES",
        address="new@example.com",
        offer_id="7",
        reason="why",
        key="form-1",
    )

    with pytest.raises(NobodyMayDecide):
        await ruled.authority.demand_submission(submission, BUNDLE, now=ruled.clock())
    assert reason(await ruled.authority.may_request(BOB)) is None  # Eve may decide on other things


def under(core, text):
    return replace(core.authority, policy=read_policy(text))


async def test_an_approval_lapses_with_the_rule_that_allowed_it(ruled):
    case = await ruled.approved()

    assert await ruled.authority.lapsed(case) is None
    assert isinstance(await under(ruled, '[default]\napprovers = "UEVE"').lapsed(case), NotApprover)
    refusing = '[[rule]]\nname = "no"\nwhen.action = "grant"\nrefuse = "No."\n[default]\napprovers = "UBOB"'
    assert isinstance(await under(ruled, refusing).lapsed(case), RulesChanged)


async def test_an_approval_lapses_when_it_was_shown_to_others(ruled):
    case = await ruled.approved()
    shown = replace(case.request, preview={**case.request.preview, "approvers": ["UEVE"]})

    assert isinstance(await ruled.authority.lapsed(replace(case, request=shown)), RulesChanged)


async def test_one_approval_of_two_that_were_shown_to_be_needed_is_not_enough(ruled):
    case = await ruled.approved()
    shown = replace(case.request, preview={**case.request.preview, "quorum": 2})

    assert isinstance(await ruled.authority.lapsed(replace(case, request=shown)), NotApprover)


async def test_what_the_rules_refuse_once_it_was_approved_is_not_sent(ruled):
    case = await ruled.approved()
    strict = under(ruled, '[default]\nrefuse = "No."')
    previews = replace(ruled.previews, authority=strict)
    comparison = replace(ruled.executor.comparison, authority=strict, previews=previews)
    executor = replace(ruled.executor, comparison=comparison)
    await replace(ruled, executor=executor).executes()

    assert ruled.booth.written == []
    assert (await ruled.again(case)).main.error == "RuledOut"


async def test_a_request_is_addressed_to_those_it_was_shown_to_who_still_decide(ruled):
    case = await ruled.asked()
    addressed = {
        who: (await ruled.authority.addressed(Person("T1", who)))(case.request)
        for who in ("UBOB", "UEVE", "UADA", "UMALLORY")
    }
    later = under(ruled, '[default]\napprovers = ["UEVE", "UMALLORY"]')

    assert addressed == {"UBOB": True, "UEVE": True, "UADA": False, "UMALLORY": False}
    assert not (await later.addressed(BOB))(case.request)
    assert not (await later.addressed(MALLORY))(case.request)


OUTSIDERS = """
[[rule]]
name = "trainees ask for nothing dear"
when.price = {at_least = 100, currency = "USD"}
when.requester = "STRAINEES"
refuse = "Ask somebody else to ask for this."

[default]
approvers = ["UBOB", "SBOSSES"]
"""


@pytest.fixture
async def outsiders(tmp_path):
    async with a_core(tmp_path) as core:
        core.authority.policy = read_policy(OUTSIDERS)
        core.town.groups |= {"STRAINEES": {"UADA"}, "SBOSSES": {"UEVE"}}
        yield core


async def demands(core, offer):
    form = Submission(
        action=Action.GRANT,
        provider="kajabi",
        requester=ADA,
        channel="CSALES",
        address="jane@example.com",
        offer_id=offer.id,
        reason="refund 4412",
        key="form-1",
    )
    await core.authority.demand_submission(form, offer, now=core.clock())


async def test_a_rule_about_a_group_that_is_gone_is_not_taken_for_one_that_does_not_hold(outsiders):
    with pytest.raises(RefusedByRule):
        await demands(outsiders, BUNDLE)
    del outsiders.town.groups["STRAINEES"]
    with pytest.raises(GroupGone):
        await demands(outsiders, BUNDLE)


async def test_a_group_that_is_gone_stops_nothing_that_its_rule_could_not_decide(outsiders):
    del outsiders.town.groups["STRAINEES"]
    await demands(outsiders, STARTER)


async def test_approvers_in_a_group_that_is_gone_are_missed_and_the_others_decide(outsiders):
    del outsiders.town.groups["SBOSSES"]
    await demands(outsiders, STARTER)

    assert await outsiders.authority.deciders() == {"UBOB"}

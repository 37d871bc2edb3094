"""What the policy approves by itself, around a real store: looked up, ruled, reserved, and looked up before sending."""

from dataclasses import replace

import pytest

from bot.domain import attempt
from bot.domain.bulk import BulkSubmission
from bot.domain.errors import Deactivated
from bot.domain.policy import Budget, Policy, Quota, Rule, Span, Terms
from bot.domain.request import Action, ChangeState, Choice, Holding, State
from bot.domain.roster import Row
from bot.domain.spending import by_policy
from bot.domain.term import Term
from bot.list_preparer import ListPreparer
from bot.service import Service
from tests.unit.core.world import ADA, BOB, BUNDLE, EVE, JANE, STARTER, TIMING, a_core

QUOTA = Quota(within_days=30, requests=1)
DEFAULT = Rule(name="default", terms=Terms(approvers=("UBOB", "UEVE")))
SMALL = Rule(name="small", when=(Span(fact="price", most=30_000, currency="USD"),), terms=DEFAULT.terms)
BUDGET = Budget(name="Support", members=("UADA", "UEVE"), amounts={"USD": 25_000}, approvers=("UOLGA",))


def a_policy(*, quota=QUOTA, **told):
    return Policy(source="POLICY_FILE", digest="d", rules=(replace(SMALL, automatic=quota),), default=DEFAULT, **told)


@pytest.fixture
async def ruled(tmp_path):
    async with a_core(tmp_path, policy=a_policy()) as core:
        yield core


def service(core):
    return Service(core.store, core.authority, core.readings.providers, core.clock)


def why(case):
    found = case.request.preview["automatic"]
    return None if found is None else found["against"]


async def test_what_fits_is_carried_out_without_anybody(ruled):
    case = await ruled.asked()
    await ruled.executes()
    ended = await ruled.again(case)

    assert (why(case), case.request.state, case.main.due) == ("", State.APPROVED, ruled.clock())
    assert (ended.request.state, ended.decisions, ruled.booth.written) == (State.SUCCEEDED, (), ["write grant"])


async def test_the_next_one_goes_to_people_until_the_time_has_passed(ruled):
    await ruled.asked()
    second = await ruled.asked(offer_id=STARTER.id)
    ruled.clock.passes(30 * 86_400 + 1)
    third = await ruled.asked(offer_id=STARTER.id, reason="later")

    assert (why(second), second.request.state) == ("requests", State.PENDING)
    assert (why(third), third.request.state) == ("", State.APPROVED)


async def test_who_loses_the_race_is_ruled_anew_and_goes_to_people(ruled):
    first, second = await ruled.asks(), await ruled.asks(offer_id=STARTER.id)
    claimed = {one.request.id: one for one in await ruled.store.claim_requests(now=ruled.clock(), lease=30, limit=9)}
    late = claimed[second.request.id]
    outside = ruled.town.outside

    async def meanwhile(channel, people):
        """Let the other one be approved after this one was ruled, and before it is written."""
        ruled.town.outside = outside
        await ruled.preparer.prepare(claimed[first.request.id])
        return await outside(channel, people)

    ruled.town.outside = meanwhile
    await ruled.preparer.prepare(late)

    assert (await ruled.again(first)).request.state is State.APPROVED
    lost = await ruled.again(second)
    assert (lost.request.state, why(lost), lost.request.version) == (State.PENDING, "requests", 1)


@pytest.mark.parametrize(
    ("turned", "against"),
    [({"active": False}, "requester"), ({"guest": True}, "requester"), ({}, "")],
    ids=["switched off", "a guest", "as before"],
)
async def test_nothing_is_approved_for_an_account_that_may_not_ask_any_more(ruled, turned, against):
    case = await ruled.asks()
    ruled.town.turns("UADA", **turned)
    await ruled.prepares()

    assert why(await ruled.again(case)) == against


async def test_what_others_had_a_hand_in_is_not_approved_by_the_policy(ruled):
    case = await ruled.asks(editors=(ADA, BOB))
    await ruled.prepares()

    assert why(await ruled.again(case)) == "askers"


async def test_a_running_subscription_is_not_ended_by_the_policy(ruled):
    held = Holding(offer_id=BUNDLE.id, title=BUNDLE.title, purchases=("p-1",), paying=True)
    ruled.booth.held[JANE.address] = {BUNDLE.id: held}
    case = await ruled.asked(action=Action.REVOKE)

    assert (why(case), case.request.preview["dangers"]) == ("danger", ["subscription"])


@pytest.mark.parametrize(
    "policy",
    [
        pytest.param(Policy(source="POLICY_FILE", digest="e", default=DEFAULT), id="the rule is gone"),
        pytest.param(a_policy(quota=None), id="the rule approves nothing by itself any more"),
        pytest.param(a_policy(quota=Quota(within_days=30, value=100, currency="USD")), id="it allows less"),
        pytest.param(a_policy(dangers=(Span(fact="value", least=1, currency="USD"),)), id="there is a danger now"),
        pytest.param(a_policy(budgets=(replace(BUDGET, amounts={"USD": 1}),)), id="a budget is spent now"),
    ],
)
async def test_it_lapses_when_the_policy_would_not_approve_it_any_more(ruled, policy):
    case = await ruled.asked()
    ruled.authority.policy = policy
    await ruled.executes()
    asked = await ruled.again(case)

    assert (asked.request.state, asked.request.version, ruled.booth.written) == (State.PENDING, 2, [])
    assert (await ruled.event(case, "request.drifted")).data["why"] == "NotAutomatic"


async def test_a_changed_price_voids_it_and_people_are_asked(ruled):
    case = await ruled.asked()
    ruled.booth.offers[BUNDLE.id] = replace(BUNDLE, price=19_800)
    await ruled.executes()
    asked = await ruled.again(case)

    assert (asked.request.state, why(asked), ruled.booth.written) == (State.PENDING, "changed", [])


async def test_it_becomes_too_old_like_any_other_approval(ruled):
    case = await ruled.asked()
    ruled.clock.passes(TIMING.approval + 1)
    await ruled.executes()

    assert (await ruled.event(case, "request.drifted")).data["why"] == "ApprovalTooOld"
    assert ruled.booth.written == []


async def test_a_retry_without_room_is_asked_anew_before_anything_is_sent(ruled):
    case = await ruled.asked()
    ruled.booth.offers.pop(BUNDLE.id)
    await ruled.executes()
    ruled.booth.offers[BUNDLE.id] = BUNDLE
    other = await ruled.asked(offer_id=STARTER.id)
    failed = await ruled.again(case)
    await service(ruled).retry(case.request.id, by=ADA)
    await ruled.executes()

    assert (failed.request.state, other.request.state) == (State.FAILED, State.APPROVED)
    assert (await ruled.event(case, "request.drifted")).data["why"] == "Overdrawn"
    assert ruled.booth.written == ["write grant"]
    assert ruled.booth.held[JANE.address].keys() == {STARTER.id}


async def test_a_retry_with_room_goes_on(ruled):
    case = await ruled.asked()
    ruled.booth.offers.pop(BUNDLE.id)
    await ruled.executes()
    ruled.booth.offers[BUNDLE.id] = BUNDLE
    await service(ruled).retry(case.request.id, by=ADA)
    await ruled.executes()

    assert (await ruled.again(case)).request.state is State.SUCCEEDED


async def test_looking_again_at_what_is_unknown_keeps_what_it_took(ruled):
    case = await ruled.asked()
    (change,) = await ruled.store.claim_changes(now=ruled.clock(), lease=30, limit=9)
    await ruled.takes(case, attempt.send, change_id=change.id, attempt=change.attempts)
    to = {"to": ChangeState.UNKNOWN, "code": "NotSeen", "look_again": ruled.clock() + 60}
    await ruled.takes(case, attempt.finish, change_id=change.id, attempt=change.attempts, **to)
    ruled.authority.policy = a_policy(quota=Quota(within_days=30, value=1, currency="USD"))
    looked = await service(ruled).retry(case.request.id, by=ADA)

    assert looked.request.state is State.EXECUTING
    assert not looked.request.preview.get("overdrawn")


async def test_what_is_held_for_longer_takes_of_the_quota_as_well(ruled):
    ruled.authority.policy = a_policy(quota=replace(QUOTA, requests=2))
    await ruled.asked(term=Term(days=5))
    await ruled.executes()
    longer = await ruled.asked(term=Term(days=20), reason="longer")
    await ruled.executes()
    ended = await ruled.again(longer)
    once_more = await ruled.asked(reason="for good")

    assert (why(longer), ended.request.state, ended.end.state) == ("", State.UNNEEDED, State.APPROVED)
    assert (why(once_more), once_more.request.state) == ("requests", State.PENDING)


async def test_what_people_approve_of_a_list_is_never_the_policys(ruled):
    rows = (Row(line=2, customer=JANE.address),)
    asked = BulkSubmission(
        action=Action.GRANT, provider="kajabi", requester=ADA, channel="CSALES", offer_id=BUNDLE.id, reason="all",
        key="list-1", rows=rows,
    )  # fmt: skip
    (case,) = await ruled.store.submit_bulk([(asked, BUNDLE)], now=ruled.clock())
    (claimed,) = await ruled.store.claim_lists(now=ruled.clock(), lease=ruled.lease, limit=9)
    await ListPreparer(ruled.preparer).prepare(claimed)
    await ruled.decides(case)
    approved = await ruled.again(case)
    ruled.town.turns("UBOB", active=False)

    assert (why(approved), by_policy(approved.request)) == ("list", False)
    assert isinstance(await ruled.authority.lapsed(approved), Deactivated)
    assert len(await ruled.store.claim_lists(now=ruled.clock(), lease=ruled.lease, limit=9)) == 1


# --- budgets ---------------------------------------------------------------------------------------------------------


@pytest.fixture
async def paid(tmp_path):
    policy = Policy(source="POLICY_FILE", digest="d", default=DEFAULT, budgets=(BUDGET,))
    async with a_core(tmp_path, policy=policy) as core:
        yield core


async def test_an_approval_within_the_budget_counts_for_the_next_one(paid):
    first, late = await paid.asked(), await paid.asked(offer_id=STARTER.id, requester=EVE)
    await service(paid).decide(first.request.id, Choice.APPROVE, by=BOB, shown=1)
    after = await paid.asked(reason="once more")

    assert first.request.preview["budgets"][0]["spent"] == late.request.preview["budgets"][0]["spent"] == 0
    assert after.request.preview["budgets"][0]["spent"] == BUNDLE.price
    assert after.request.preview["additions"] == [["UOLGA"]]


async def test_an_approval_that_would_go_over_meanwhile_is_asked_anew_with_the_others(paid):
    first, second = await paid.asked(), await paid.asked(requester=EVE, reason="as well")
    await service(paid).decide(first.request.id, Choice.APPROVE, by=BOB, shown=1)
    anew = await service(paid).decide(second.request.id, Choice.APPROVE, by=BOB, shown=1)
    await paid.prepares()
    asked = await paid.again(second)

    assert (anew.request.state, anew.decisions) == (State.PREPARING, ())
    assert (asked.request.state, asked.request.version) == (State.PENDING, 2)
    assert asked.request.preview["additions"] == [["UOLGA"]]
    assert await paid.events(second) == [
        "request.submitted", "request.prepared", "request.overtaken", "request.prepared",
    ]  # fmt: skip


async def test_what_was_shown_to_go_over_is_approved_by_both_although_room_came_back(paid):
    first = await paid.asked()
    await service(paid).decide(first.request.id, Choice.APPROVE, by=BOB, shown=1)
    over = await paid.asked(reason="over")
    await service(paid).cancel(first.request.id, by=ADA)
    olga = replace(BOB, id="UOLGA")
    half = await service(paid).decide(over.request.id, Choice.APPROVE, by=olga, shown=1)
    whole = await service(paid).decide(over.request.id, Choice.APPROVE, by=BOB, shown=1)

    assert (half.request.state, whole.request.state) == (State.PENDING, State.APPROVED)
    assert await paid.authority.lapsed(await paid.again(over)) is None


async def test_what_ends_by_itself_gives_nothing_back(paid):
    first = await paid.asked(term=Term(days=2))
    await service(paid).decide(first.request.id, Choice.APPROVE, by=BOB, shown=1)
    await paid.executes()
    paid.clock.passes(2 * 86_400 + 1)
    await paid.executes()
    after = await paid.asked(reason="once more")

    assert paid.booth.written == ["write grant", "write revoke"]
    assert after.request.preview["budgets"][0]["spent"] == BUNDLE.price


async def test_a_group_that_is_gone_is_named_as_what_keeps_it_from_being_asked(paid):
    paid.authority.policy = replace(paid.authority.policy, budgets=(replace(BUDGET, members=("SGONE", "UADA")),))
    case = await paid.asked()

    assert (case.request.state, case.request.note) == (State.PREPARING, "GroupGone")


async def test_the_month_turns_at_midnight_of_the_budgets_own_zone(tmp_path):
    kiribati = replace(BUDGET, time_zone="Pacific/Kiritimati")
    policy = Policy(source="POLICY_FILE", digest="d", default=DEFAULT, budgets=(kiribati,))
    async with a_core(tmp_path, policy=policy) as core:
        core.clock.now = 1_793_440_800.0 - 60  # a minute before November, there
        first = await core.asked()
        await service(core).decide(first.request.id, Choice.APPROVE, by=BOB, shown=1)
        before = await core.asked(reason="before")
        core.clock.passes(60)
        after = await core.asked(reason="after")

    months = [one.request.preview["budgets"][0] for one in (before, after)]
    assert [(one["month"], one["spent"]) for one in months] == [("2026-10", 19_900), ("2026-11", 0)]

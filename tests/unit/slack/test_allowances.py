"""What people read of what the policy approves by itself, and of budgets."""

from dataclasses import replace

import pytest

from bot.domain.explanation import Explanation
from bot.domain.notices import Notices
from bot.domain.preview import Preview
from bot.domain.request import MessageKind, State
from bot.slack import cards, directs, questions, thread
from bot.words import allowances, events, standing, tallies
from bot.words.cards import standing as stands
from bot.words.story import WORDS
from tests.unit.slack.cases import NOW, SCENE, a_case, an_event, shown

FITS = {"requests": 0, "value": 0, "against": "", "most": 3, "most_value": None, "currency": "", "days": 30}
WORTH = FITS | {"most": None, "most_value": 50_000, "currency": "USD"}
NOVEMBER = {"budget": "Support", "month": "2026-11", "currency": "USD", "untold": 0, "over": True}
SPENT = NOVEMBER | {"amount": 50_000, "spent": 48_000, "adds": 4_900}


def ruled(state=State.PENDING, **shown_with):
    case = a_case(state)
    case = replace(case, decisions=()) if shown_with.get("automatic") else case
    preview = {**case.request.preview, "rule": "sm<a>ll", **shown_with}
    return replace(case, request=replace(case.request, preview=preview))


@pytest.mark.parametrize("state", [State.APPROVED, State.EXECUTING, State.SUCCEEDED, State.FAILED])
def test_the_card_says_by_which_rule_it_was_approved(state):
    said = stands(ruled(state, automatic=FITS), SCENE)

    assert "pproved automatically by the rule sm&lt;a&gt;ll, 1 of 3 in 30 days." in said.replace("*", "")


def test_a_line_and_a_direct_message_say_so_and_name_nobody():
    event = an_event("request.approved", actor=None, rule="small", automatic=FITS | {"requests": 2})
    case = ruled(State.APPROVED, automatic=FITS)
    said = [shown(thread.line(event, case, SCENE)), shown(directs.direct(event, case, SCENE))]

    assert all("Approved automatically by the rule small, 3 of 3 in 30 days" in one for one in said)
    assert not any("<@U0BOB>" in one for one in said)


def test_where_only_the_value_counts_no_number_is_told():
    assert allowances.granted({"rule": "small", "automatic": WORTH}) == "automatically by the rule small"


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (
            FITS | {"requests": 3, "against": "requests"},
            "3 of 3 automatic approvals of the last 30 days are used",
        ),
        (
            WORTH | {"value": 48_000, "against": "value"},
            "with this one, the automatic approvals of the last 30 days would be over 500.00 USD (480.00 USD so far)",
        ),
        (WORTH | {"against": "value"}, "would be over 500.00 USD (nothing so far)"),
        *((FITS | {"against": one}, words) for one, words in allowances.AGAINST.items()),
        (FITS | {"against": "<!channel>"}, "&lt;!channel&gt;"),
    ],
)
def test_card_and_question_say_why_people_have_to_decide(found, says):
    case = ruled(automatic=found)

    for said in (cards.card(case, SCENE), questions.ask(case, SCENE, version=1, direct=False)):
        assert "*Not approved automatically:* " in shown(said)
        assert f"{says}." in shown(said)


@pytest.mark.parametrize(
    ("account", "says"),
    [
        (SPENT, "🔴 *Budget Support:* 480.00 USD of 500.00 USD given in November 2026, with this one 529.00 USD."),
        (
            SPENT | {"spent": 0, "over": False},
            "💰 *Budget Support:* nothing of 500.00 USD given in November 2026, with this one 49.00 USD.",
        ),
        (SPENT | {"untold": 2}, "given in November 2026, besides 2 of a price that is not told, with this one"),
        (SPENT | {"adds": None}, "the price is not told, so nobody can say whether it is within the budget in Nov"),
        (SPENT | {"amount": None}, "it has no amount in USD, so this is not within it in November 2026."),
        (SPENT | {"budget": "<!here>"}, "*Budget &lt;!here&gt;:*"),
    ],
)
def test_card_question_and_why_show_how_a_budget_stands(account, says):
    case = ruled(budgets=[account])

    assert says in shown(cards.card(case, SCENE))
    assert says in shown(questions.ask(case, SCENE, version=1, direct=False))


def test_who_has_to_approve_as_well_is_named():
    case = ruled(additions=[["U0OLGA", "S0FINANCE"]])

    assert tallies.standing(case) == (
        "As this is beyond a budget, <@U0OLGA> or <!subteam^S0FINANCE> must approve as well."
    )
    assert tallies.takes_several(case)
    assert "<!subteam^S0FINANCE>" in tallies.approvers(case, Preview.from_data(case.request.preview))


def test_a_decided_card_shows_no_budget_any_more():
    assert "Budget" not in shown(cards.card(ruled(State.SUCCEEDED, budgets=[SPENT]), SCENE))


def test_an_approval_that_came_too_late_is_told_with_who_gave_it():
    case = a_case(State.PREPARING)
    case = replace(case, request=replace(case.request, version=1, note="Overdrawn", preview={}))
    said = shown(thread.line(an_event("request.overtaken"), case, SCENE))
    asked = shown(questions.ask(case, SCENE, version=1, direct=False))

    assert "the approval by <@U0BOB> does not count. Nothing was changed. I ask anew." in said
    assert "Less is left of a budget than was shown." in asked
    assert "approve" not in [one.get("action_id") for one in questions.ask(case, SCENE, version=1, direct=False).blocks]


@pytest.mark.parametrize("why", ["NotAutomatic", "Overdrawn"])
def test_why_an_approval_of_the_policys_is_void_is_told(why):
    said = events.drift(an_event("request.drifted", why=why), ruled(automatic=FITS))

    assert said == events.DRIFTS[why]


def test_what_nobody_had_to_decide_was_shown_to_nobody_for_a_decision():
    case = ruled(State.APPROVED, automatic=FITS)
    prepared = an_event("request.prepared", actor=None, by_itself=True, outside=["U0GRACE"])
    owed = [one.kind for one in Notices().owed(prepared, case)]

    assert owed == [MessageKind.CARD]
    assert WORDS["request.prepared"](prepared, case, SCENE) == "Shown, as version 1."


def test_why_says_that_nobody_decided():
    case = ruled(State.SUCCEEDED, automatic=FITS, decided=NOW)
    told = Explanation(case=case, events=(), reader=case.request.requester)

    assert "*Has decided:* nobody: approved automatically by the rule sm&lt;a&gt;ll, 1 of 3 in 30 days." in list(
        standing.lines(told)
    )

"""What a customer holds, as it is told to whoever looks them up."""

from dataclasses import replace

import pytest

from bot.domain.draft import Account
from bot.domain.request import Action, Choice, Decision, Holding, State
from bot.slack import accounts
from tests.unit.slack.cases import ADA, BOB, NOW, a_case, shown

HELD = Holding(offer_id="7", title="Bundle", granted=True, since=NOW)


def told(*given, **fields):
    account = Account(contact=a_case().main.contact, holdings=(HELD,), given=given, **fields)
    return shown(accounts.account(account, provider="Kajabi"))


def test_all_who_approved_are_named_where_it_took_several():
    case = a_case(State.SUCCEEDED)
    first = Decision(request_id=case.request.id, version=1, choice=Choice.APPROVE, by=ADA, at=NOW)
    said = told(replace(case, decisions=(first, *case.decisions)))

    assert said.count("approved by <@U0ADA> and <@U0BOB>") == 2


def test_who_denied_is_named_alone():
    case = a_case(State.DENIED)
    withdrawn = Decision(request_id=case.request.id, version=1, choice=Choice.APPROVE, by=ADA, at=NOW)
    said = told(replace(case, decisions=(withdrawn, *case.decisions)))

    assert f"denied by <@{BOB.id}>" in said
    assert "approved by" not in said


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (State.APPROVED, "It is to be taken back by itself <!date"),
        (State.FAILED, "which has failed so far (R-END)."),
        (State.UNKNOWN, "and nobody can say yet whether it was (R-END)."),
    ],
)
def test_what_is_held_for_a_time_says_until_when(state, says):
    end = replace(a_case(state, Action.REVOKE).request, id="R-END", planned=NOW + 86_400)

    assert says in told(ends={"7": end})
    assert says not in told(ends={"8": end})

from dataclasses import replace

import pytest

from bot.domain.request import Action, Holding, MessageKind, Person, State
from bot.slack.rendering import render
from bot.words.text import escape
from tests.unit.slack.cases import PAID, SCENE, STARTER, a_case, a_delivery, labels, shown


def test_a_question_names_who_may_decide_and_the_rule_but_not_the_requester():
    ask = render(a_delivery(MessageKind.ASK, a_case(), asks=1, parent="R-4F7K/card"), SCENE)

    assert "<@U0BOB> or <!subteam^S0MANAGERS>: please decide" in shown(ask)
    assert "chosen by APPROVERS" in shown(ask)


def test_a_reason_that_the_card_cuts_stands_whole_in_the_thread():
    case = a_case(reason=f"{'because of this and that, ' * 40}and at last ticket 4412")
    card, ask = (
        shown(render(a_delivery(kind, case, **where), SCENE))
        for kind, where in ((MessageKind.CARD, {}), (MessageKind.ASK, {"asks": 1, "parent": "R-4F7K/card"}))
    )

    assert "and at last ticket 4412" not in card
    assert "and at last ticket 4412" in ask


def test_a_question_shows_before_and_after_and_what_else_will_happen():
    case = a_case(holdings=(STARTER,), rivals=("R-9999",), creates=True)
    ask = shown(render(a_delivery(MessageKind.ASK, case, asks=1, parent="R-4F7K/card"), SCENE))

    assert "*Holds now:* Starter (granted, since" in ask
    assert "*Then:* *Bundle* and Starter" in ask
    assert "the contact is created under that name" in ask
    assert "A gift mail may still go out." in ask
    assert "R-9999" in ask


LONG = tuple(
    Holding(
        offer_id=f"1{number:02}",
        title=f"Masterclass & community number {number} for those who sell photographs",
        granted=True,
        purchases=("p1",),
        paying=True,
        since=1.7e9,
    )
    for number in range(40)
)
EFFECTS = tuple(f"Effect {number} of what is done here is {'said at length ' * 22}" for number in range(12))


@pytest.mark.parametrize("reason", ["refund case 4412", "&" * 1499 + "!"])
@pytest.mark.parametrize("action", [Action.GRANT, Action.REVOKE])
def test_however_much_is_held_all_that_is_signed_is_shown(action, reason):
    held = (*LONG, replace(LONG[0], offer_id="7", title="Bundle")) if action is Action.REVOKE else LONG
    case = a_case(action=action, holdings=held, effects=EFFECTS, rivals=("R-9999",), reason=reason)
    ask = render(a_delivery(MessageKind.ASK, case, asks=1), SCENE)
    told = shown(ask)

    assert all(f"Effect {number} " in told for number in range(12))
    assert "R-9999" in told
    drawn = [text for block in ask.blocks for text in texts_of(block)]
    assert escape(reason).replace(">", "") in "".join(text.removeprefix(">") for text in drawn)
    assert "Bundle" in told.partition("*Holds now:*")[2].partition("Masterclass")[0] or action is Action.GRANT
    assert " more" in told.partition("*Holds now:*")[2].partition("*Then:*")[0]
    assert "*Then:*" in told
    assert sum(map(len, drawn)) < 13_200


def test_what_is_held_is_cut_only_as_far_as_there_is_no_room():
    few = a_case(holdings=LONG[:6], effects=EFFECTS)
    told = shown(render(a_delivery(MessageKind.ASK, few, asks=1), SCENE))

    assert all(f"number {number} " in told for number in range(6))


def texts_of(part):
    if isinstance(part, dict):
        own = part.get("text")
        return [own] if isinstance(own, str) else [text for one in part.values() for text in texts_of(one)]
    return [text for one in part for text in texts_of(one)] if isinstance(part, list) else []


def test_a_question_decides_the_version_that_it_shows():
    ask = render(a_delivery(MessageKind.ASK, a_case(version=3), asks=3), SCENE)

    assert [block["block_id"] for block in ask.blocks if block["type"] == "actions"] == ["decide:3"]
    assert list(labels(ask)) == ["approve", "deny", "edit"]


def test_only_revoking_what_was_bought_asks_twice():
    def asked_twice(action, *holdings):
        ask = render(a_delivery(MessageKind.ASK, a_case(action=action, holdings=holdings), asks=1), SCENE)
        return ask.blocks[-1]["elements"][0].get("confirm", {}).get("text", {}).get("text", "")

    once = replace(PAID, paying=False)
    assert "a revoke does not stop payments in Kajabi" in asked_twice(Action.REVOKE, PAID)
    assert asked_twice(Action.REVOKE, once).endswith("The customer has bought this.")
    assert asked_twice(Action.REVOKE, STARTER) == asked_twice(Action.GRANT, PAID) == ""


@pytest.mark.parametrize("state", sorted(set(State) - {State.PENDING, State.PREPARING}))
def test_a_question_that_is_answered_has_no_buttons_and_says_what_became_of_it(state):
    ask = render(a_delivery(MessageKind.ASK, a_case(state, note="too dear"), asks=1), SCENE)

    assert labels(ask) == {}
    said = {State.DENIED: "*Denied* by <@U0BOB>", State.EXPIRED: "it is expired", State.CANCELLED: "it is cancelled"}
    assert said.get(state, "*Approved* by <@U0BOB>") in shown(ask)
    assert (">too dear" in shown(ask)) == (state not in {State.EXPIRED, State.CANCELLED})


def test_a_question_about_an_older_version_has_no_buttons():
    ask = render(a_delivery(MessageKind.ASK, a_case(version=2), asks=1), SCENE)

    assert labels(ask) == {}
    assert "out of date" in shown(ask)


def test_while_what_is_asked_is_changed_no_preview_is_shown_and_nothing_can_be_pressed():
    case = a_case(State.PREPARING, version=1)
    changed = replace(case.request, editors=(Person("T1", "U0BOB"),), preview={})
    ask = render(a_delivery(MessageKind.ASK, replace(case, request=changed), asks=1), SCENE)

    assert list(labels(ask)) == []
    assert "<@U0BOB> changed what is asked." in str(ask.blocks)
    assert "Holds now" not in str(ask.blocks)

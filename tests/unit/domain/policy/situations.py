"""Requests as rules see them."""

from typing import Any

from bot.domain.policy import Policy, Rule, Situation, Terms
from bot.domain.request import Action, Offer, Person, Profile, Request, State

NOW = 1_800_000_000.0
DAY = 86_400.0
BUNDLE = Offer(provider="kajabi", id="7", title="Gold Bundle", price=19900, currency="USD")
GROUPS = {"SLEADS": frozenset({"UGRACE", "ULINUS"}), "SMONEY": frozenset({"UOLGA", "UGRACE"})}


def a_profile(name, **told):
    return Profile(person=Person("T1", name), name=name, **told)


def a_situation(**told):
    given: dict[str, Any] = {
        "action": Action.GRANT,
        "offer": BUNDLE,
        "requester": "UADA",
        "channel": "CSALES",
        "reason": "refund case 4412",
        "at": NOW,
    }
    return Situation(**given | told)


def a_past(*, days_ago=10, reason="goodwill", action=Action.GRANT, state=State.SUCCEEDED):
    return Request(
        id=f"R-{days_ago}",
        action=action,
        provider="kajabi",
        state=state,
        requester=Person("T1", "UADA"),
        channel="CSALES",
        offer=BUNDLE,
        reason=reason,
        created=NOW - days_ago * DAY,
    )


def a_rule(name="some", *when, approvers=("SLEADS",), **told):
    return Rule(name=name, when=when, terms=Terms(approvers=approvers), **told)


def a_policy(*named, default=None, **told):
    default = default if default is not None else a_rule("default", approvers=("UROOT",))
    return Policy(source="POLICY_FILE", digest="d", rules=named, default=default, **told)

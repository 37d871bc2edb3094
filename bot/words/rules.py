"""When does a rule decide, and why did it?"""

from collections.abc import Iterable, Mapping

from bot.domain.policy import Condition, Grounds, Like, OneOf, Recent, Recurring, Span

#: what a condition can ask about, as it continues “… that”
FACTS: Mapping[str, str] = {
    "action": "it is a",
    "provider": "the provider is",
    "offer": "the offer is",
    "requester": "it is asked by",
    "channel": "it is asked in",
    "price": "the price is",
    "value": "the value is",
    "customers": "the number of customers is",
    "days": "the number of days is",
}


def condition(one: Condition) -> str:
    """Say it as that which is so."""
    match one:
        case OneOf():
            return f"{FACTS[one.fact]} {' or '.join(sorted(one.values))}"
        case Like():
            return f"the title is like {' or '.join(f'“{pattern}”' for pattern in one.patterns)}"
        case Span():
            return f"{FACTS[one.fact]} {one.words}"
        case Recurring():
            return "the offer is recurring" if one.wanted else "the offer is not recurring"
        case Recent():
            return _recent(one)
        case _:
            raise TypeError(f"{type(one).__name__} has no words")


def conditions(when: Iterable[Condition]) -> str:
    """Say when a rule decides."""
    return ", and ".join(map(condition, when)) or "whatever is asked"


def decides(rule: str, grounds: Grounds) -> str:
    """Say that a rule decides, and why."""
    if grounds.when is None:
        return f"{rule} decides" + (", as no rule before it fits" if grounds.others else " on everything")
    return f"{rule} decides, because {conditions(grounds.when)}"


def _recent(one: Recent) -> str:
    what = one.action.value if one.action is not None else "request"
    why = f" with a reason like “{one.reason}”" if one.reason != "*" else ""
    who = "by the requester" if one.whose == "requester" else "for the customer"
    return f"there were {one.at_least} or more {what}s {who}{why} in {one.within_days} days before"

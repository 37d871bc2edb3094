"""What does the policy approve by itself, why not this, and how do the budgets stand?"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.preview import Preview
from bot.domain.request import Case
from bot.domain.spending import fits
from bot.words.text import listed, mention, money, safe

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def granted(shown: Mapping[str, Any]) -> str:
    """Continue “approved …” where the policy did so by itself; `shown` names the rule and what it found."""
    found: Mapping[str, Any] = shown.get("automatic") or {}
    most, days = found.get("most"), f"in {found.get('days')} days"
    counted = f", {int(found.get('requests', 0)) + 1} of {most} {days}" if most is not None else ""
    return f"automatically by the rule {safe(str(shown.get('rule', '')), 60)}{counted}"


def withheld(case: Case) -> str:
    """Say why the rule does not approve it by itself; empty where it does, or never would."""
    shown = Preview.from_data(case.request.preview)
    if shown.automatic is None or fits(shown.automatic):
        return ""
    return f"🧑‍⚖️ *Not approved automatically:* {why(shown.automatic)}."


def why(found: Mapping[str, Any]) -> str:
    """Say what is against it."""
    days, against = found.get("days"), str(found.get("against", ""))
    if against == "requests":
        used, most = found.get("requests"), found.get("most")
        return f"{used} of {most} automatic approvals of the last {days} days are used"
    if against == "value":
        used, most = (amount(found.get(one, 0), str(found.get("currency"))) for one in ("value", "most_value"))
        return f"with this one, the automatic approvals of the last {days} days would be over {most} ({used} so far)"
    return AGAINST.get(against, safe(against, 40))


AGAINST: Mapping[str, str] = {
    "askers": "somebody else than the requester has changed it",
    "requester": "the requester’s account may not ask for anything just now",
    "danger": "there is something to beware of",
    "untold": "the price is not told",
    "currency": "the price is in another currency than the rule’s",
    "budget": "it is beyond a budget",
    "changed": "something has changed since it was approved",
    "list": "people decide on lists",
}


def budgets(case: Case) -> Iterator[str]:
    """Say how each budget stands that this is paid from, as it was when it was asked."""
    for one in Preview.from_data(case.request.preview).budgets:
        yield f"{'🔴' if one['over'] else '💰'} {account(one)}."


def account(one: Mapping[str, Any]) -> str:
    """Say how one budget stands, with and without this request."""
    named, when, currency = f"*Budget {safe(one['budget'], 60)}:*", month(one["month"]), one["currency"]
    untold = f", besides {one['untold']} of a price that is not told" if one["untold"] else ""
    if one["adds"] is None:
        return f"{named} the price is not told, so nobody can say whether it is within the budget in {when}"
    if one["amount"] is None:
        return f"{named} it has no amount in {safe(currency, 12)}, so this is not within it in {when}"
    spent = f"{amount(one['spent'], currency)} of {amount(one['amount'], currency)}"
    after = money(one["spent"] + one["adds"], currency)
    return f"{named} {spent} given in {when}{untold}, with this one {after}"


def amount(value: int, currency: str) -> str:
    """Write what is used of a limit."""
    return money(value, currency) if value else "nothing"


def month(named: str) -> str:
    """Name a month like 2026-11."""
    year, _, number = named.partition("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def additions(shown: Preview) -> str:
    """Say who has to approve as well; empty where nobody has to."""
    each = [listed((mention(one) for one in named), "or") for named in shown.additions]
    return f"As this is beyond a budget, {listed(each)} must approve as well." if each else ""

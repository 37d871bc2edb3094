"""What is said of a customer: what is held, since when, who gave it and why?"""

from collections.abc import Sequence

from bot.domain.draft import Account
from bot.domain.request import Action, Case, ChangeState, Choice, Contact, Holding
from bot.domain.spending import by_policy
from bot.words import allowances, ends, holdings
from bot.words.states import EMOJI, STATES
from bot.words.text import DAY, date, listed, mention, safe

ASKED_HERE = "*Asked for here:*"


def name(contact: Contact) -> str:
    """Name the customer, with the address."""
    return " · ".join(filter(None, (safe(contact.name, 100), safe(contact.address, 100))))


def holds(count: int, *, provider: str) -> str:
    """Continue the name: how many offers are held."""
    held_now = f"holds {count} offer{'' if count == 1 else 's'}" if count else "holds nothing"
    return f"{held_now} at {safe(provider, 40)}."


def further(count: int) -> str:
    """Say how many are not shown."""
    return f"• … and {count} more"


def held(holding: Holding, found: Account) -> str:
    """Say what is held, and of what was granted here by whom, why, and until when."""
    end = found.ends.get(holding.offer_id)
    lasts = f"\n   {ends.EMOJI} It {ends.of_held(end)}." if end is not None else ""
    return f"• {holdings.in_words(holding)}{_whence(holding, found.given)}{lasts}"


def _whence(holding: Holding, given: Sequence[Case]) -> str:
    """Say who gave it and why, where that was done here."""
    by_us = next((case for case in given if _gave(case, holding)), None)
    if by_us is None:
        return ""
    why = f": “{safe(by_us.request.reason, 200)}”" if by_us.request.reason.strip() else ""
    return f" – asked by {mention(by_us.request.requester.id)}{_decided(by_us)}{why} ({by_us.request.id})"


def _gave(case: Case, holding: Holding) -> bool:
    granted = case.request.action is Action.GRANT and case.main.state is ChangeState.SUCCEEDED
    return granted and case.main.offer_id == holding.offer_id


def ended(holding: Holding) -> str:
    """Say what was held."""
    when = f" until {date(holding.ended, DAY)}" if holding.ended is not None else ""
    why = f": {safe(holding.ended_reason, 100)}" if holding.ended_reason.strip() else ""
    return f"• ~{holdings.title_of(holding)}~ held{when}{why}"


def asked(case: Case) -> str:
    """Say what was asked for here, and what became of it."""
    request = case.request
    verb = "grant" if request.action is Action.GRANT else "revoke"
    request_was = (
        f"{verb} {safe(request.offer.title, 60)}, asked by {mention(request.requester.id)} {date(request.created, DAY)}"
    )
    return f"{EMOJI[request.state]} {request.id}: {request_was}{_decided(case)} – {STATES[request.state]}"


def _decided(case: Case) -> str:
    """Name all who have decided, or the rule that did."""
    if by_policy(case.request):
        return f", approved {allowances.granted(case.request.preview)}"
    last = case.verdict
    if last is None:
        return ""
    if last.choice is Choice.DENY:
        return f", denied by {mention(last.by.id)}"
    return f", approved by {listed(mention(one.by.id) for one in case.approvals)}"

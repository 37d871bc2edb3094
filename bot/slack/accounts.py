"""What does a customer hold, since when, who gave it and why? For the one who asked."""

from collections.abc import Sequence

from bot.domain.draft import Account
from bot.domain.request import Action, Case, ChangeState, Choice, Holding
from bot.domain.spending import by_policy
from bot.slack import allowances, holdings, replies
from bot.slack.content import Content, content
from bot.slack.subjects import EMOJI
from bot.slack.text import DAY, date, mention, safe, section, stacked

#: holdings, and requests, that are shown
HELD, GIVEN = 30, 10


def account(found: Account, *, provider: str) -> Content:
    """Show what a customer holds, since when, who gave it and why."""
    name = " · ".join(filter(None, (safe(found.contact.name, 100), safe(found.contact.address, 100))))
    active = [one for one in found.holdings if one.active]
    ended = [one for one in found.holdings if not one.active]
    held = f"holds {len(active)} offer{'' if len(active) == 1 else 's'}" if active else "holds nothing"
    lines = [_held(one, found.given) for one in active[:HELD]]
    lines += [f"• … and {len(active) - HELD} more"] if len(active) > HELD else []
    lines += [_ended(one) for one in ended[:HELD]]
    given = [_given(case) for case in found.given[:GIVEN]]
    return content(
        f"{name} {held} at {safe(provider, 40)}.",
        section(f"*{name}* {held} at {safe(provider, 40)}."),
        *stacked(lines),
        section("*Asked for here:*") if given else None,
        *stacked(given),
    )


def _held(holding: Holding, given: Sequence[Case]) -> str:
    line = f"• {holdings.in_words(holding)}"
    by_us = next((case for case in given if _gave(case, holding)), None)
    if by_us is None:
        return line
    approved = f", approved by {mention(by_us.verdict.by.id)}" if by_us.verdict is not None else ""
    if by_policy(by_us.request):
        approved = f", approved {allowances.granted(by_us.request.preview)}"
    why = f": “{safe(by_us.request.reason, 200)}”" if by_us.request.reason.strip() else ""
    return f"{line} – asked by {mention(by_us.request.requester.id)}{approved}{why} ({by_us.request.id})"


def _gave(case: Case, holding: Holding) -> bool:
    granted = case.request.action is Action.GRANT and case.main.state is ChangeState.SUCCEEDED
    return granted and case.main.offer_id == holding.offer_id


def _ended(holding: Holding) -> str:
    when = f" until {date(holding.ended, DAY)}" if holding.ended is not None else ""
    why = f": {safe(holding.ended_reason, 100)}" if holding.ended_reason.strip() else ""
    return f"• ~{holdings.title_of(holding)}~ held{when}{why}"


def _given(case: Case) -> str:
    request, verdict = case.request, case.verdict
    decided = f", approved {allowances.granted(request.preview)}" if by_policy(request) else ""
    if verdict is not None:
        word = "approved" if verdict.choice is Choice.APPROVE else "denied"
        decided = f", {word} by {mention(verdict.by.id)}"
    verb = "grant" if request.action is Action.GRANT else "revoke"
    asked = (
        f"{verb} {safe(request.offer.title, 60)}, asked by {mention(request.requester.id)} {date(request.created, DAY)}"
    )
    return f"{EMOJI[request.state]} {request.id}: {asked}{decided} – {replies.STATES[request.state]}"

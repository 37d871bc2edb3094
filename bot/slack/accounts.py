"""What does a customer hold, since when, who gave it and why? For the one who asked."""

from bot.domain.draft import Account
from bot.slack.blocks import section, stacked
from bot.slack.content import Content, content
from bot.words import accounts

#: holdings, and requests, that are shown
HELD, GIVEN = 30, 10


def account(found: Account, *, provider: str) -> Content:
    """Show what a customer holds, since when, who gave it and why."""
    active = [one for one in found.holdings if one.active]
    ended = [one for one in found.holdings if not one.active]
    name, holds = accounts.name(found.contact), accounts.holds(len(active), provider=provider)
    lines = [accounts.held(one, found) for one in active[:HELD]]
    lines += [accounts.further(len(active) - HELD)] if len(active) > HELD else []
    lines += [accounts.ended(one) for one in ended[:HELD]]
    given = [accounts.asked(case) for case in found.given[:GIVEN]]
    return content(
        f"{name} {holds}",
        section(f"*{name}* {holds}"),
        *stacked(lines),
        section(accounts.ASKED_HERE) if given else None,
        *stacked(given),
    )

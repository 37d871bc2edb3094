"""Shortcuts: the same form, from anywhere, and from a message that names the customer."""

from collections.abc import Mapping

from bot.domain.draft import Draft
from bot.domain.errors import AddressMissing, OfferdeskError, SeveralAddresses
from bot.domain.request import Action
from bot.domain.tokens import addresses_in
from bot.slack import screens
from bot.slack.visits import Chosen, Handler
from bot.words import replies

#: addresses that one field can still show
SHOWN = 10


async def request_offer(visit: Chosen) -> None:
    """Open an empty form."""
    draft = Draft(action=Action.GRANT, provider=visit.desk.default_provider)
    visit.later(screens.show(visit, screens.form_of(visit.desk, draft, switchable=True)))


async def request_from_message(visit: Chosen) -> None:
    """Open the form for the customer whose address is in the message."""
    addresses = addresses_in(str((visit.body.get("message") or {}).get("text") or ""))
    remarks: tuple[OfferdeskError, ...] = ()
    if len(addresses) != 1:
        remarks = (SeveralAddresses(addresses),) if addresses else (AddressMissing(),)
    channel = "" if visit.channel.startswith("D") else visit.channel
    draft = Draft(
        action=Action.GRANT,
        provider=await visit.desk.lookups.usual_provider(channel) or visit.desk.default_provider,
        address=" ".join(addresses[:SHOWN]),
        remarks=remarks,
    )
    visit.later(screens.show(visit, screens.form_of(visit.desk, draft, channel=channel, switchable=True)))


async def unknown(visit: Chosen) -> None:
    """Answer a shortcut that this release does not have."""
    await visit.say(replies.UNKNOWN_BUTTON)


SHORTCUTS: Mapping[str, Handler[Chosen]] = {
    "request_offer": request_offer,
    "request_from_message": request_from_message,
}

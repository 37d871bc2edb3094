"""What can be chosen in a form's offer field? A grant offers what there is, a revoke what the customer holds."""

import asyncio
from collections.abc import Mapping

from bot.domain.draft import Draft, is_address
from bot.domain.errors import BadInput
from bot.domain.request import Action, Offer
from bot.slack import bulk_form, forms
from bot.slack.visits import Handler, Typing
from bot.words.offers import HELD_NO_FIT, NO_CUSTOMER, NO_FIT, NOT_KNOWN_YET, NOTHING_HELD, unanswered

#: what Slack shows at most
LIMIT = 100
#: seconds that Slack leaves for asking a provider
PATIENCE = 2.0


async def offers(visit: Typing) -> None:
    """Complete what is being typed."""
    titles = visit.desk.scene.titles
    for_many = visit.view["callback_id"] == bulk_form.CALLBACK
    draft = forms.read(visit.view, providers=titles, action=Action.GRANT if for_many else None).draft
    words = str(visit.body.get("value") or "")
    try:
        found = await _found(visit, draft, words)
    except TimeoutError:
        await visit.say(unanswered(visit.desk.title(draft.provider)))
        return
    if found:
        await visit.ack(options=[forms.option(offer) for offer in found])
    else:
        await visit.say(_nothing(draft, words))


async def _found(visit: Typing, draft: Draft, words: str) -> tuple[Offer, ...]:
    lookups = visit.desk.lookups
    await visit.desk.authority.may_look(visit.by)
    if draft.action is Action.GRANT:
        return await lookups.suggest(draft.provider, words, limit=LIMIT)
    try:
        address = forms.customer(draft.address)
    except BadInput:
        return ()
    if not is_address(address):
        return ()
    async with asyncio.timeout(PATIENCE):
        return await lookups.suggest_held(draft.provider, address, words, limit=LIMIT)


def _nothing(draft: Draft, words: str) -> str:
    if draft.action is Action.GRANT:
        return NO_FIT if words.strip() else NOT_KNOWN_YET
    try:
        known = is_address(forms.customer(draft.address))
    except BadInput:
        known = False
    if not known:
        return NO_CUSTOMER
    return HELD_NO_FIT if words.strip() else NOTHING_HELD


async def unknown(visit: Typing) -> None:
    """Answer a field that this release does not have."""
    await visit.ack(options=[])


OPTIONS: Mapping[str, Handler[Typing]] = {"offer": offers}

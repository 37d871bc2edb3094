"""What is typed after /offer. Answers are private; forms open at once, filled with what was understood."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from bot.domain.draft import REASON_LIMIT, Draft
from bot.domain.errors import (
    BadInput,
    IdsNotTaken,
    Misunderstood,
    OfferdeskError,
    OfferMissing,
    OfferNotFound,
    ProviderError,
    ReasonTooLong,
    Rejected,
    SeveralAddresses,
)
from bot.domain.parsing import NoTimeLimit, Verb, Words, excerpt, parse
from bot.domain.request import Action, Offer
from bot.ports import OfferQuery
from bot.slack import accounts, answers, bulk_form, ends, listings, screens, story
from bot.slack.visits import Command
from bot.words import pausing, replies

#: channels that nobody else reads: no place to decide in
PRIVATE = frozenset({"directmessage"})
#: seconds for which a form may wait for a provider: what opens it lives for three
IN_TIME = 1.0
Verbs = Mapping[Verb, Callable[[Command, Words], Awaitable[None]]]


async def typed(visit: Command) -> None:
    """Do what was typed."""
    words = parse(str(visit.body.get("text") or ""), visit.desk.scene.titles)
    visit.provider = words.provider or None
    await VERBS[words.verb](visit, words)


async def usage(visit: Command, _: Words) -> None:
    await visit.answer(await answers.usage(visit.desk, by=visit.by))


async def find(visit: Command, words: Words) -> None:
    await _look(visit, _find(visit, words))


async def show(visit: Command, words: Words) -> None:
    await _look(visit, _show(visit, words))


async def who(visit: Command, words: Words) -> None:
    address = words.customer()
    await _look(visit, _who(visit, address))


async def ask(visit: Command, words: Words) -> None:
    """Open the form, with everything in it that was understood, and remarks on what was not."""
    desk = visit.desk
    offer, trouble = await _meant(visit, words)
    addresses = " ".join(words.addresses)
    remarks = [trouble] if trouble is not None else []
    if len(words.addresses) > 1:
        remarks.append(SeveralAddresses(words.addresses))
    if words.limit and (words.term is None or words.verb is not Verb.GRANT):
        remarks.append(NoTimeLimit(words.limit))
    if words.ids and visit.about not in desk.scene.ids:
        remarks.append(IdsNotTaken())
    if words.leftovers:
        remarks.append(Misunderstood(excerpt(words.leftovers), words.example))
    if len(words.reason) > REASON_LIMIT:
        remarks.append(ReasonTooLong(len(words.reason), REASON_LIMIT))
    draft = Draft(
        action=Action(words.verb.value),
        provider=visit.about,
        address=addresses[:REASON_LIMIT],
        offer=offer,
        ids=words.ids[:REASON_LIMIT],
        term=words.term,
        reason=words.reason[:REASON_LIMIT],
        remarks=tuple(remarks),
    )
    await visit.ack()
    visit.later(screens.show(visit, screens.form_of(desk, draft, channel=_usable(visit))))


async def bulk(visit: Command, words: Words) -> None:
    """Open the form for many customers."""
    offer, trouble = await _meant(visit, words)
    remarks = [trouble] if trouble is not None else []
    if words.limit and (words.term is None or words.action is Action.REVOKE):
        remarks.append(NoTimeLimit(words.limit))
    if words.leftovers:
        remarks.append(Misunderstood(excerpt(words.leftovers), words.example))
    if len(words.reason) > REASON_LIMIT:
        remarks.append(ReasonTooLong(len(words.reason), REASON_LIMIT))
    draft = Draft(
        action=words.action or Action.GRANT,
        provider=visit.about,
        address="\n".join(words.addresses),
        offer=offer,
        term=words.term,
        reason=words.reason[:REASON_LIMIT],
        remarks=tuple(remarks),
    )
    await visit.ack()
    visit.later(bulk_form.show(visit, screens.form_of(visit.desk, draft, channel=_usable(visit))))


async def requests(visit: Command, words: Words) -> None:
    if words.request_id:
        await why(visit, words)
        return
    await visit.answer(await listings.requests(visit.desk, words, by=visit.by))


async def ending(visit: Command, words: Words) -> None:
    days = words.days or 0
    found = await visit.desk.lookups.ending(days, by=visit.by, limit=answers.ROWS + 1)
    shown = found[: answers.ROWS]
    await visit.answer(ends.listing(shown, days=days, scene=visit.desk.scene, more=len(found) > len(shown)))


async def why(visit: Command, words: Words) -> None:
    told = await visit.desk.lookups.why(words.request_id, by=visit.by, channel=visit.channel)
    await visit.answer(story.told(told, visit.desk.scene))


async def pause(visit: Command, words: Words) -> None:
    await visit.say(pausing.answer(await visit.desk.service.pause(words.reason, by=visit.by)))


async def resume(visit: Command, _: Words) -> None:
    await visit.say(pausing.answer(await visit.desk.service.resume(by=visit.by)))


async def _look(visit: Command, work: Awaitable[None]) -> None:
    """Say that the provider is being asked, and ask it."""
    await visit.say(replies.LOOKING)
    visit.later(work)


async def _find(visit: Command, words: Words) -> None:
    query = OfferQuery(words=words.offer[: answers.WORDS_LIMIT], by_price=words.by_price, descending=words.descending)
    await visit.answer(await answers.found(visit.desk, visit.about, query, by=visit.by))


async def _show(visit: Command, words: Words) -> None:
    desk = visit.desk
    offer = await desk.lookups.show(visit.about, words.offer, by=visit.by)
    await visit.answer(answers.offer_details(offer, provider=desk.title(visit.about)))


async def _who(visit: Command, address: str) -> None:
    desk = visit.desk
    account = await desk.lookups.who(visit.about, address, by=visit.by)
    await visit.answer(accounts.account(account, provider=desk.title(visit.about)))


async def _meant(visit: Command, words: Words) -> tuple[Offer | None, OfferdeskError | None]:
    """Find the offer that was meant; where that is unclear, the form says so and lets choose.

    Where no provider was named it is the one that was chosen last in the channel or, if that has no such offer, the
    one that has it.
    """
    visit.provider = words.provider or await visit.desk.lookups.usual_provider(_usable(visit))
    try:
        return await visit.desk.lookups.match(visit.about, words.offer), None
    except OfferMissing:
        return None, None
    except OfferNotFound as trouble:
        found = None if words.provider else await _elsewhere(visit, words)
        return (found, None) if found is not None else await _by_id(visit, words, trouble)
    except BadInput as trouble:
        return None, trouble


async def _by_id(visit: Command, words: Words, trouble: OfferNotFound) -> tuple[Offer | None, OfferdeskError | None]:
    """Find an offer by its id, or why it cannot be chosen, where the provider says so while a form can be opened."""
    try:
        async with asyncio.timeout(IN_TIME):
            return await visit.desk.lookups.by_id(visit.about, words.offer), None
    except Rejected as refused:
        return None, refused
    except (OfferNotFound, ProviderError, TimeoutError):
        return None, trouble


async def _elsewhere(visit: Command, words: Words) -> Offer | None:
    """Find the offer at another provider, which it is about then."""
    for other in visit.desk.scene.titles:
        with suppress(BadInput):
            found = await visit.desk.lookups.match(other, words.offer)
            visit.provider = other
            return found
    return None


def _usable(visit: Command) -> str:
    """Return the channel of the command if a card can stand there."""
    private = visit.channel.startswith("D") or visit.body.get("channel_name") in PRIVATE
    return "" if private else visit.channel


VERBS: Verbs = {
    Verb.HELP: usage,
    Verb.FIND: find,
    Verb.SHOW: show,
    Verb.WHO: who,
    Verb.GRANT: ask,
    Verb.REVOKE: ask,
    Verb.BULK: bulk,
    Verb.REQUESTS: requests,
    Verb.ENDING: ending,
    Verb.WHY: why,
    Verb.PAUSE: pause,
    Verb.RESUME: resume,
}

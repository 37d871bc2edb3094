"""What does somebody see who asked something? Answers to one person, which change nothing."""

import json
from typing import Any

from bot.domain.errors import Misunderstood
from bot.domain.parsing import EXAMPLES, Scope, Verb, parse
from bot.domain.request import Offer, Person
from bot.ports import OfferQuery
from bot.slack import listings
from bot.slack.blocks import context, section, stacked
from bot.slack.content import Content, content, introduced, more, said
from bot.slack.desk import Desk
from bot.words import abilities, offers, pausing
from bot.words.text import quoted, safe, worth

#: rows of a list before *more*
ROWS = 10
#: of what is looked for, in characters: as long as a title is kept, and short enough for an address or a button
WORDS_LIMIT = 300


# --- offers --------------------------------------------------------------------------------------------------------


async def found(desk: Desk, provider: str, query: OfferQuery, *, by: Person, at: int = 0) -> Content:
    """Find offers, and show ten of them."""
    fitting = await desk.lookups.find(provider, query, by=by)
    title = desk.title(provider)
    if not fitting:
        return said(offers.none_found(query.words, provider=title))
    counted = offers.counted(
        len(fitting), query.words, provider=title, by_price=query.by_price, descending=query.descending
    )
    rows = fitting[at : at + ROWS]
    place = offers.place(at + 1, at + len(rows)) if len(fitting) > ROWS else ""
    following = {"provider": provider, "words": query.words[:WORDS_LIMIT], "at": at + ROWS}
    following |= {"by_price": query.by_price, "descending": query.descending}
    return content(
        f"{counted}.",
        section(f"*{counted}*{place}"),
        *stacked(map(offers.row, rows)),
        more({"find": following}) if len(fitting) > at + ROWS else None,
    )


def offer_details(offer: Offer, *, provider: str) -> Content:
    """Show one offer with its products."""
    described = quoted(offer.description, 1500) if offer.description.strip() else ""
    return content(
        f"{safe(offer.title, 150)}, {worth(offer)}.",
        section("\n".join(offers.details(offer, provider=provider))),
        section(described) if described else None,
        context(f"{safe(provider, 40)} · {safe(offer.id, 40)}"),
    )


# --- help, and what is common --------------------------------------------------------------------------------------


async def usage(desk: Desk, *, by: Person) -> Content:
    """Show what this person may do, and nothing else."""
    await desk.authority.take_part(by)
    asking, reading = await desk.authority.may_request(by), await desk.authority.may_read_all(by)
    lines = abilities.lines(
        cannot_ask=desk.sentence(asking.refusal) if asking.refusal is not None else "",
        reads_all=reading.allowed,
        decides=by.id in await desk.authority.deciders(),
        pauses=(await desk.authority.may_pause(by)).allowed,
    )
    told = content(abilities.SPOKEN, section(f"*{abilities.TITLE}*"), *stacked(f"• {one}" for one in lines))
    pause = await desk.lookups.paused()
    return introduced(pausing.standing(pause), told) if pause is not None else told


async def next_rows(desk: Desk, carried: str, *, by: Person) -> Content:
    """Show the rows that follow; `carried` is what the *more* button holds."""
    try:
        asked: dict[str, dict[str, Any]] = json.loads(carried)
        if "find" in asked:
            of = asked["find"]
            query = OfferQuery(words=str(of["words"]), by_price=bool(of["by_price"]), descending=bool(of["descending"]))
            provider, at = str(of["provider"]), int(of["at"])
        else:
            of = asked["requests"]
            typed = f"requests {Scope(of['scope']).value} {of.get('words', '')}"
            before = float(of["before"])
    except (ValueError, KeyError, TypeError) as error:
        raise Misunderstood("", EXAMPLES[Verb.FIND]) from error
    if "find" in asked:
        return await found(desk, provider, query, by=by, at=max(at, 0))
    return await listings.requests(desk, parse(typed), by=by, before=before)

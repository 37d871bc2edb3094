"""What does somebody see who asked something? Answers to one person, which change nothing."""

import json
from typing import Any

from bot.domain.errors import Misunderstood
from bot.domain.parsing import EXAMPLES, Scope, Verb, parse
from bot.domain.request import Offer, Person
from bot.ports import OfferQuery
from bot.slack import listings, pausing
from bot.slack.content import Content, content, introduced, more, said
from bot.slack.desk import Desk
from bot.slack.text import context, listed, quoted, safe, section, stacked, worth

#: rows of a list before *more*
ROWS = 10
#: of what is looked for, in characters: as long as a title is kept, and short enough for an address or a button
WORDS_LIMIT = 300


# --- offers --------------------------------------------------------------------------------------------------------


async def found(desk: Desk, provider: str, query: OfferQuery, *, by: Person, at: int = 0) -> Content:
    """Find offers, and show ten of them."""
    offers = await desk.lookups.find(provider, query, by=by)
    title = safe(desk.title(provider), 40)
    about = f" with “{safe(query.words, 80)}”" if query.words.strip() else ""
    if not offers:
        return said(f"{title} has no offer{about}. Try fewer words.")
    order = "" if not query.by_price else ", dearest first" if query.descending else ", cheapest first"
    counted = f"{len(offers)} offer{'' if len(offers) == 1 else 's'}{about} at {title}{order}"
    rows = offers[at : at + ROWS]
    place = f" · {at + 1} to {at + len(rows)}" if len(offers) > ROWS else ""
    following = {"provider": provider, "words": query.words[:WORDS_LIMIT], "at": at + ROWS}
    following |= {"by_price": query.by_price, "descending": query.descending}
    return content(
        f"{counted}.",
        section(f"*{counted}*{place}"),
        *stacked(_row(offer) for offer in rows),
        more({"find": following}) if len(offers) > at + ROWS else None,
    )


def offer_details(offer: Offer, *, provider: str) -> Content:
    """Show one offer with its products."""
    lines = [f"*{safe(offer.title, 150)}* · {worth(offer)}"]
    if offer.internal_title and offer.internal_title != offer.title:
        lines.append(f"Internal title: {safe(offer.internal_title, 150)}")
    if offer.products:
        lines.append(f"Products: {listed(safe(one, 80) for one in offer.products[:20])}")
    if not offer.listed:
        lines.append(f":warning: It is archived at {safe(provider, 40)}: it can be revoked, not granted.")
    described = quoted(offer.description, 1500) if offer.description.strip() else ""
    return content(
        f"{safe(offer.title, 150)}, {worth(offer)}.",
        section("\n".join(lines)),
        section(described) if described else None,
        context(f"{safe(provider, 40)} · {safe(offer.id, 40)}"),
    )


def _row(offer: Offer) -> str:
    apart = offer.internal_title if offer.internal_title != offer.title else ""
    parts = [f"*{safe(offer.title, 80)}*", worth(offer), safe(apart, 60), safe(offer.id, 30)]
    return f"• {' · '.join(filter(None, parts))}"


# --- help, and what is common --------------------------------------------------------------------------------------


async def usage(desk: Desk, *, by: Person) -> Content:
    """Show what this person may do, and nothing else."""
    await desk.authority.take_part(by)
    asking, reading = await desk.authority.may_request(by), await desk.authority.may_read_all(by)
    lines = [
        f"`{EXAMPLES[Verb.WHO]}` – what a customer holds, since when, who gave it and why",
        f"`{EXAMPLES[Verb.FIND]}` – offers with these words; `by price` sorts",
        f"`{EXAMPLES[Verb.SHOW]}` – one offer, with its products",
    ]
    if asking.refusal is None:
        lines += [
            f"`{EXAMPLES[Verb.GRANT]}` – asks for a grant; leave out what you like, the form asks for it",
            "`for 30d` or `until 2027-01-31` in it – lets the grant end by itself",
            f"`{EXAMPLES[Verb.REVOKE]}` – asks for a revoke",
            f"`{EXAMPLES[Verb.BULK]}` – asks for many customers at once, from a list",
        ]
    else:
        lines.append(f"You cannot ask for a grant or a revoke: {desk.sentence(asking.refusal)}")
    lists = "`mine`, `waiting` or `recent`, or like `denied by @ada since 7d`"
    lines.append(f"`{EXAMPLES[Verb.REQUESTS]}` – requests: {lists}" if reading.allowed else "`/offer requests` – yours")
    lines.append(f"`{EXAMPLES[Verb.ENDING]}` – what was granted for a time and ends by itself soon")
    lines.append(f"`{EXAMPLES[Verb.WHY]}` – the whole history of a request")
    if by.id in await desk.authority.deciders():
        lines.append(
            "You may decide on what others ask: with *Approve* and *Deny* in the request’s thread, or by writing "
            "`@Offerdesk approve` or `@Offerdesk deny too expensive` there."
        )
    if (await desk.authority.may_pause(by)).allowed:
        lines.append(
            f"`{EXAMPLES[Verb.PAUSE]}` – stops all sending at once; requests and decisions go on. "
            f"`{EXAMPLES[Verb.RESUME]}` carries out what waits"
        )
    told = content("What you can do with /offer.", section("*What you can do*"), *stacked(f"• {one}" for one in lines))
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

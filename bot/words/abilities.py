"""What can somebody do with /offer? Only what this person may."""

from collections.abc import Iterator

from bot.domain.parsing import EXAMPLES, Verb

TITLE = "What you can do"
SPOKEN = "What you can do with /offer."


def lines(*, cannot_ask: str, reads_all: bool, decides: bool, pauses: bool) -> Iterator[str]:
    """Say it, one line for each; `cannot_ask` says why this person may not ask for anything, if that is so."""
    yield f"`{EXAMPLES[Verb.WHO]}` – what a customer holds, since when, who gave it and why"
    yield f"`{EXAMPLES[Verb.FIND]}` – offers with these words; `by price` sorts"
    yield f"`{EXAMPLES[Verb.SHOW]}` – one offer, with its products"
    if cannot_ask:
        yield f"You cannot ask for a grant or a revoke: {cannot_ask}"
    else:
        yield f"`{EXAMPLES[Verb.GRANT]}` – asks for a grant; leave out what you like, the form asks for it"
        yield "`for 30d` or `until 2027-01-31` in it – lets the grant end by itself"
        yield f"`{EXAMPLES[Verb.REVOKE]}` – asks for a revoke"
        yield f"`{EXAMPLES[Verb.BULK]}` – asks for many customers at once, from a list"
    lists = "`mine`, `waiting` or `recent`, or like `denied by @ada since 7d`"
    yield f"`{EXAMPLES[Verb.REQUESTS]}` – requests: {lists}" if reads_all else "`/offer requests` – yours"
    yield f"`{EXAMPLES[Verb.ENDING]}` – what was granted for a time and ends by itself soon"
    yield f"`{EXAMPLES[Verb.WHY]}` – the whole history of a request"
    if decides:
        yield (
            "You may decide on what others ask: with *Approve* and *Deny* in the request’s thread, or by writing "
            "`@Offerdesk approve` or `@Offerdesk deny too expensive` there."
        )
    if pauses:
        yield (
            f"`{EXAMPLES[Verb.PAUSE]}` – stops all sending at once; requests and decisions go on. "
            f"`{EXAMPLES[Verb.RESUME]}` carries out what waits"
        )

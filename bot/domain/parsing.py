"""The words after /offer: which verb, which customer, which offer, and why? People type them in any order."""

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from bot.domain.draft import is_address
from bot.domain.errors import AddressMalformed, BadInput, Misunderstood, SeveralAddresses
from bot.domain.listing import Filter, filter_of
from bot.domain.request import ID_ALPHABET, Action
from bot.domain.term import Term
from bot.domain.tokens import (
    Token,
    address_like,
    counted,
    once,
    split_ids,
    split_limit,
    split_provider,
    split_reason,
    tokens_of,
    unlinked,
)


class Verb(StrEnum):
    """What a person may type first."""

    HELP = "help"
    FIND = "find"
    SHOW = "show"
    WHO = "who"
    GRANT = "grant"
    REVOKE = "revoke"
    BULK = "bulk"
    REQUESTS = "requests"
    ENDING = "ending"
    WHY = "why"
    PAUSE = "pause"
    RESUME = "resume"


class Scope(StrEnum):
    """Which requests are listed."""

    MINE = "mine"
    WAITING = "waiting"
    RECENT = "recent"


#: one that works, for every verb
EXAMPLES: Mapping[Verb, str] = {
    Verb.HELP: "/offer help",
    Verb.FIND: "/offer find bundle by price",
    Verb.SHOW: "/offer show bundle",
    Verb.WHO: "/offer who jane@example.com",
    Verb.GRANT: "/offer grant jane@example.com bundle because refund case 4412",
    Verb.REVOKE: "/offer revoke jane@example.com bundle because refund case 4412",
    Verb.BULK: "/offer bulk grant bundle because the May course starts",
    Verb.REQUESTS: "/offer requests waiting",
    Verb.ENDING: "/offer ending 7d",
    Verb.WHY: "/offer why R-4F7K",
    Verb.PAUSE: "/offer pause the price list is wrong",
    Verb.RESUME: "/offer resume",
}

_SYNONYMS: Mapping[Verb, str] = {
    Verb.HELP: "help -h --help hello hi usage commands",
    Verb.FIND: "find search list offers look lookup catalog catalogue",
    Verb.SHOW: "show offer details detail info describe",
    Verb.WHO: "who whois holds customer contact check",
    Verb.GRANT: "grant give add enrol enroll gift",
    Verb.REVOKE: "revoke remove take withdraw unenrol unenroll ungrant",
    Verb.BULK: "bulk mass csv",
    Verb.REQUESTS: "requests request reqs status queue",
    Verb.ENDING: "ending ends expiring expires",
    Verb.WHY: "why history trace",
    Verb.PAUSE: "pause stop halt freeze",
    Verb.RESUME: "resume unpause continue unfreeze",
}
_VERBS = {word: verb for verb, words in _SYNONYMS.items() for word in words.split()}
_SCOPES: Mapping[str, Scope] = {
    **dict.fromkeys(("mine", "my"), Scope.MINE),
    **dict.fromkeys(("waiting", "pending", "open"), Scope.WAITING),
    **dict.fromkeys(("recent", "latest", "all"), Scope.RECENT),
}
_DIRECTIONS = {"asc": False, "ascending": False, "desc": True, "descending": True}
_PERSON = re.compile(r"<@([UW][A-Z0-9]{2,30})(?:\|[^<>]{0,100})?>")
#: of a filter, in characters: it has to fit into a button
FILTER_LIMIT = 300
#: what ends within so many days ends soon
SOON = 7
_BARE = re.compile(r"[0-9]{1,4}")
_LONGEST_VERB = max(map(len, _VERBS)) + 3
#: with its mark, or without it where no letter is one that ids leave out
_REQUEST = re.compile(rf"[rR]-([0-9a-zA-Z]{{4,12}})|[rR]?([{ID_ALPHABET}{ID_ALPHABET.lower()}]{{4,6}})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What was understood."""

    verb: Verb
    #: of a list: what is to be done for all of it; None: not said
    action: Action | None = None
    #: as typed, without repetitions
    addresses: tuple[str, ...] = ()
    #: the words that name an offer: what was quoted, else all that is left
    offer: str = ""
    quoted: bool = False
    #: of a revoke: the ids of what is to be revoked, as typed
    ids: str = ""
    #: the provider that was named; empty: none was
    provider: str = ""
    #: the time limit as typed, and in days or as a day where it can be told
    limit: str = ""
    days: int | None = None
    #: the day until which
    day: date | None = None
    reason: str = ""
    by_price: bool = False
    descending: bool = False
    scope: Scope | None = None
    request_id: str = ""
    #: of a list: what it shows, and the words that said so
    filtered: Filter = field(default_factory=Filter)
    filter: str = ""
    #: what found no place
    leftovers: str = ""

    @property
    def term(self) -> Term | None:
        """Return the time limit, as far as it was understood."""
        return None if self.days is None and self.day is None else Term(days=self.days, day=self.day)

    @property
    def example(self) -> str:
        """Return what would have worked."""
        return EXAMPLES[self.verb]

    def customer(self) -> str:
        """Return the one address, or raise what is wrong with what was typed."""
        if len(self.addresses) > 1:
            raise SeveralAddresses(self.addresses)
        if not self.addresses:
            raise Misunderstood(excerpt(f"{self.offer} {self.leftovers}"), self.example)
        if not is_address(self.addresses[0]):
            raise AddressMalformed(self.addresses[0])
        return self.addresses[0]


class NoTimeLimit(BadInput):
    """A time limit that was not understood, or of what has none."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def parse(text: str, providers: Collection[str] = ()) -> Words:
    """Understand what was typed; raise `Misunderstood` where not even the verb can be told.

    `providers` are the names that *on* may stand before.
    """
    listing = _VERBS.get(text.split(maxsplit=1)[0].casefold()) is Verb.REQUESTS if text.strip() else False
    text = unlinked(_PERSON.sub(r" @\1 ", text) if listing else text)
    tokens = tokens_of(text)
    if not tokens or tokens[0].text.strip("?") == "":
        return Words(verb=Verb.HELP)
    verb, tokens = _verb(tokens, text)
    match verb:
        case Verb.HELP | Verb.RESUME:
            return Words(verb=verb)
        case Verb.PAUSE:
            return Words(verb=verb, reason=_said_after_the_verb(text))
        case Verb.REQUESTS:
            return _about_requests(tokens, _said_after_the_verb(text))
        case Verb.ENDING:
            return _about_ends(tokens)
        case Verb.WHY:
            return _about_one(tokens)
        case Verb.FIND | Verb.SHOW:
            tokens, provider = split_provider(tokens, providers)
            return replace(_about_offers(verb, tokens), provider=provider)
        case _:
            return _about_customer(verb, tokens, text, providers)


def _verb(tokens: list[Token], text: str) -> tuple[Verb, list[Token]]:
    """Take the verb out. Where the customer was named first it may stand later; an address alone asks who that is."""
    first = _VERBS.get(tokens[0].word)
    if first is not None:
        return first, tokens[1:]
    if any(token.addressed for token in tokens):
        named = {Verb.GRANT.value: Verb.GRANT, Verb.REVOKE.value: Verb.REVOKE}
        place = next((place for place, token in enumerate(tokens) if token.word in named), None)
        if place is not None:
            return named[tokens[place].word], tokens[:place] + tokens[place + 1 :]
        return Verb.WHO, tokens
    if len(tokens) == 1 and tokens[0].text[1:2] == "-" and _request_id(tokens[0]):
        return Verb.WHY, tokens
    raise Misunderstood(excerpt(text), _nearest(tokens[0].text))


def _said_after_the_verb(text: str) -> str:
    """Return the rest as it was typed: nothing in it has to be understood."""
    _, _, said = text.strip().partition(" ")
    first, _, rest = said.strip().partition(" ")
    return (rest if first.casefold().rstrip(":,") == "because" else said).strip()


def _about_requests(tokens: list[Token], said: str) -> Words:
    """Understand which ones: one by its id, or a list and what it is to show."""
    scopes = [_SCOPES[token.word] for token in tokens if token.word in _SCOPES]
    wanted, left = filter_of([token for token in tokens if token.word not in _SCOPES])
    if len(left) == 1 and wanted == Filter() and (request_id := _request_id(left[0])):
        return Words(verb=Verb.REQUESTS, scope=Scope.MINE, request_id=request_id)
    if left or len(said) > FILTER_LIMIT:
        raise Misunderstood(excerpt(" ".join(token.text for token in left) or said), EXAMPLES[Verb.REQUESTS])
    scope = scopes[0] if scopes else Scope.MINE if wanted == Filter() else Scope.RECENT
    return Words(verb=Verb.REQUESTS, scope=scope, filtered=wanted, filter=said)


def _about_ends(tokens: list[Token]) -> Words:
    """Understand within how many days: a week where nothing is said."""
    words = [token.word for token in tokens if token.word not in {"in", "within", "next", "the", "for"}]
    if len(words) == 1 and _BARE.fullmatch(words[0]):
        return Words(verb=Verb.ENDING, days=int(words[0]))
    taken, days = counted(*words[:2]) if words else (0, None)
    if taken != len(words):
        raise Misunderstood(excerpt(" ".join(token.text for token in tokens)), EXAMPLES[Verb.ENDING])
    return Words(verb=Verb.ENDING, days=SOON if days is None else days)


def _about_one(tokens: list[Token]) -> Words:
    ids = {_request_id(token) for token in tokens if token.word not in _SCOPES}
    if len(ids) != 1 or "" in ids:
        raise Misunderstood(excerpt(" ".join(token.text for token in tokens)), EXAMPLES[Verb.WHY])
    return Words(verb=Verb.WHY, scope=Scope.MINE, request_id=ids.pop())


def _about_offers(verb: Verb, tokens: list[Token]) -> Words:
    descending = by_price = False
    if verb is Verb.FIND:
        if len(tokens) > 1 and tokens[-1].word in _DIRECTIONS and tokens[-2].word == "price":
            descending, tokens = _DIRECTIONS[tokens[-1].word], tokens[:-1]
        by_price = [token.word for token in tokens[-2:]] == ["by", "price"]
        if by_price:
            tokens = tokens[:-2]
            tokens = tokens[:-1] if tokens and tokens[-1].word in {"sort", "sorted"} else tokens
    if verb is Verb.SHOW and not tokens:
        raise Misunderstood("", EXAMPLES[verb])
    words = " ".join(token.text for token in tokens)
    return Words(verb=verb, offer=words, by_price=by_price, descending=descending)


def _about_customer(verb: Verb, tokens: list[Token], text: str, providers: Collection[str]) -> Words:
    action = action_named(tokens[0].word) if verb is Verb.BULK and tokens and not tokens[0].quoted else None
    tokens, reason = split_reason(tokens if action is None else tokens[1:], text)
    tokens, provider = split_provider(tokens, providers)
    tokens, span = split_limit(tokens)
    tokens, ids = split_ids(tokens) if verb is Verb.REVOKE else (tokens, "")
    addresses: list[str] = []
    quoted: list[str] = []
    bare: list[Token] = []
    for token in tokens:
        if token.addressed:
            addresses.extend(address_like(token.text))
            if bare and bare[-1].word in {"to", "for", "from", "of"}:
                bare.pop()
        elif token.quoted:
            quoted.append(token.text)
        elif token.text.strip(",;.:-–"):
            bare.append(token)
    words = " ".join(token.text.strip(",;") for token in bare)
    return Words(
        verb=verb,
        action=action,
        provider=provider,
        addresses=once(addresses),
        offer=quoted[0] if quoted else words,
        quoted=bool(quoted),
        ids=ids,
        limit=span.typed,
        days=span.days,
        day=span.day,
        reason=reason,
        leftovers=" ".join(filter(None, (*quoted[1:], words))) if quoted else "",
    )


def _request_id(token: Token) -> str:
    """Return the id as requests carry it; empty when it cannot be one."""
    match = _REQUEST.fullmatch(token.text.strip(".,;:?!()#"))
    return f"R-{(match[1] or match[2]).upper()}" if match else ""


def _nearest(word: str) -> str:
    close = difflib.get_close_matches(word.casefold(), _VERBS, n=1) if len(word) <= _LONGEST_VERB else []
    return EXAMPLES[_VERBS[close[0]]] if close else EXAMPLES[Verb.HELP]


def action_named(word: str) -> Action | None:
    """Return the action that a word names."""
    actions = {Verb.GRANT: Action.GRANT, Verb.REVOKE: Action.REVOKE}
    return actions.get(_VERBS.get(word.casefold(), Verb.HELP))


def excerpt(text: str) -> str:
    """Return as much of it as is worth repeating to whoever typed it."""
    return " ".join(text[:400].split())[:100]

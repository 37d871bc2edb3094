"""Which requests does somebody want to see? Words after `/offer requests`, in any order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from bot.domain.draft import is_address
from bot.domain.request import Action, Request, State
from bot.domain.tokens import Token, address_like, counted

DAY = 86_400.0
#: stands for whoever asks
ME = "me"

_ACTIONS = {
    **dict.fromkeys(("grant", "grants", "granted"), Action.GRANT),
    **dict.fromkeys(("revoke", "revokes", "revoked"), Action.REVOKE),
}
_STATES: Mapping[str, frozenset[State]] = {
    **{state.value: frozenset({state}) for state in State},
    "done": frozenset({State.SUCCEEDED, State.UNNEEDED}),
    "verified": frozenset({State.SUCCEEDED}),
    "partly": frozenset({State.PARTLY}),
    "running": frozenset({State.APPROVED, State.EXECUTING}),
    "rejected": frozenset({State.DENIED}),
    "refused": frozenset({State.DENIED}),
    "canceled": frozenset({State.CANCELLED}),
}
_LEADING = frozenset({"by", "from", "for", "to", "offer", "since", "last"})
_PERSON = re.compile(r"@[UW][A-Z0-9]{2,}|[UW](?=[A-Z]*[0-9])[A-Z0-9]{2,}", re.IGNORECASE)
_AGES = {"today": 1, "yesterday": 2, "week": 7, "month": 30, "year": 365}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a request must be like to be listed; what is empty asks for nothing."""

    action: Action | None = None
    states: frozenset[State] = frozenset()
    #: a Slack id, or `ME`
    requester: str = ""
    address: str = ""
    #: in the offer's titles or its id
    words: str = ""
    #: asked for in so many days, or since the beginning of this one (UTC)
    days: int | None = None
    day: date | None = None

    def begins(self, now: float) -> float | None:
        """Say from when on; None: from the beginning."""
        if self.day is not None:
            return datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC).timestamp()
        return None if self.days is None else now - self.days * DAY

    def fits(self, request: Request) -> bool:
        """Whether the request itself is like that; whom it is for and who asked is looked up otherwise."""
        offer = request.offer
        titles = f"{offer.title} {offer.internal_title} {offer.id}".casefold()
        return (
            self.action in {None, request.action}
            and (not self.states or request.state in self.states)
            and all(word in titles for word in self.words.casefold().split())
        )


def filter_of(tokens: Sequence[Token]) -> tuple[Filter, list[Token]]:
    """Understand a filter; the words that found no place in it are returned as well."""
    found, place = Filter(), 0
    left: list[Token] = []
    while place < len(tokens):
        found, taken = _taken(tokens[place:], found)
        if not taken:
            left.append(tokens[place])
        place += max(taken, 1)
    return found, left


def _taken(rest: Sequence[Token], so_far: Filter) -> tuple[Filter, int]:
    """Put the next words in their place; say how many they were."""
    token, following = rest[0], rest[1:]
    if token.quoted:
        return replace(so_far, words=token.text), 1
    if token.word in _ACTIONS:
        return replace(so_far, action=_ACTIONS[token.word]), 1
    if token.word in _STATES:
        return replace(so_far, states=so_far.states | _STATES[token.word]), 1
    if token.word == "offer":
        return _titled(following, so_far)
    if token.word in {"since", "last"}:
        return _since([one.word for one in following[:2]], so_far)
    if following and token.word in {"by", "from"} and (person := _person(following[0])):
        return replace(so_far, requester=person), 2
    place = 1 if following and token.word in {"for", "to"} else 0
    address = _address(rest[place])
    return (replace(so_far, address=address), place + 1) if address else (so_far, 0)


def _titled(following: Sequence[Token], so_far: Filter) -> tuple[Filter, int]:
    """Take the words of a title, up to the next word that means something here."""
    known = {*_LEADING, *_ACTIONS, *_STATES}
    ends = next((place for place, token in enumerate(following) if token.word in known), len(following))
    words = " ".join(token.text for token in following[:ends])
    return (replace(so_far, words=words), 1 + ends) if words else (so_far, 0)


def _since(words: Sequence[str], so_far: Filter) -> tuple[Filter, int]:
    """Take *7d*, *2 weeks*, *2026-11-01* or *yesterday*."""
    if not words:
        return so_far, 0
    if words[0] in _AGES:
        return replace(so_far, days=_AGES[words[0]]), 2
    try:
        return replace(so_far, day=date.fromisoformat(words[0])), 2
    except ValueError:
        taken, days = counted(*words)
        return (replace(so_far, days=days), 1 + taken) if taken else (so_far, 0)


def _person(token: Token) -> str:
    """Return the Slack id that stands there, or `ME`; empty where it is a name, which nobody here can tell."""
    if token.word in {"me", "myself"}:
        return ME
    typed = token.text.strip(",;.")
    return typed.removeprefix("@").upper() if _PERSON.fullmatch(typed) else ""


def _address(token: Token) -> str:
    found = [one for one in address_like(token.text) if is_address(one)]
    return found[0] if len(found) == 1 else ""

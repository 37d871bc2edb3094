"""What should an approver know besides the request? What was given before, what else was asked, what is risky."""

from collections import Counter
from collections.abc import Iterator, Mapping

from bot.domain.preview import Preview
from bot.domain.request import Case, Earlier, State
from bot.domain.spending import by_policy
from bot.words import allowances
from bot.words.text import DAY, date, listed, mention, safe, worth

#: how much of an earlier reason is told
REASON = 100
#: what became of a request, in a count
OUTCOMES: Mapping[State, str] = {
    State.PREPARING: "waiting",
    State.PENDING: "waiting",
    State.APPROVED: "under way",
    State.EXECUTING: "under way",
    State.SUCCEEDED: "done",
    State.UNNEEDED: "not needed",
    State.DENIED: "denied",
    State.FAILED: "failed",
    State.PARTLY: "done in part",
    State.UNKNOWN: "unknown",
    State.EXPIRED: "expired",
    State.CANCELLED: "cancelled",
}


def dangers(case: Case) -> list[str]:
    """Say what to beware of, one line each."""
    found = Preview.from_data(case.request.preview).dangers
    return [f"🚨 {_DANGERS[one].format(worth=worth(case.request.offer))}" for one in found if one in _DANGERS]


_DANGERS: Mapping[str, str] = {
    "subscription": "*A running subscription*: the customer loses what they go on paying for.",
    "value": "*High value*: {worth}.",
    "customers": "*Many customers* at once.",
    "uncompared": "*Value not known*: {worth}, which cannot be compared with the limit for high value.",
}


def lines(case: Case) -> Iterator[str]:
    """Say what the customer was given before, and what else the requester asked for lately."""
    preview = Preview.from_data(case.request.preview)
    if preview.asked is None:
        return
    more = preview.given - len(case.earlier)
    given = [_given(one) for one in case.earlier] + ([f"{more} more"] if more > 0 else [])
    yield f"*Given before:* {listed(given)}." if given else "*Given before:* nothing, as far as I know."
    yield f"*{mention(case.request.requester.id)} asked in the 30 days before:* {asked(preview.asked)}."


def brief(case: Case) -> str:
    """Say the same in a line for the card; empty where nothing was counted."""
    preview = Preview.from_data(case.request.preview)
    if preview.asked is None:
        return ""
    given = f"{preview.given or 'nothing'} given to this customer before · " if not case.request.bulk else ""
    return f"{given}{mention(case.request.requester.id)} in the 30 days before: {asked(preview.asked)}"


def asked(counted: Mapping[str, int]) -> str:
    """Count by what became of it."""
    words: Counter[str] = Counter()
    for state, word in OUTCOMES.items():
        words[word] += counted.get(state.value, 0)
    said = [f"{number} {word}" for word, number in words.items() if number]
    return listed(said) if said else "nothing else"


def _given(earlier: Earlier) -> str:
    request = earlier.request
    approved = f", approved by {listed(map(mention, earlier.approvers))}" if earlier.approvers else ""
    if by_policy(request):
        approved = f", approved {allowances.granted(request.preview)}"
    why = f": “{safe(request.reason, REASON)}”" if request.reason.strip() else ""
    asked_by = f"asked by {mention(request.requester.id)} {date(request.created, DAY)}"
    return f"{safe(request.offer.title, 60)} ({request.id}, {asked_by}{approved}{why})"

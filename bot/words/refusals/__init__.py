"""What is a person told when something is refused or fails? No sentence stands where the error is raised.

A sentence is mrkdwn: foreign parts in it are escaped. It says what is the matter and what to do next.
"""

from collections.abc import Mapping, Sequence

from bot.domain import errors
from bot.words.refusals import entries, lists, outside, people, steps, world
from bot.words.refusals.reply import Replies
from bot.words.text import as_plain, safe

SENTENCES: Replies = {
    **entries.SENTENCES,
    **lists.SENTENCES,
    **world.SENTENCES,
    **people.SENTENCES,
    **steps.SENTENCES,
    **outside.SENTENCES,
}

#: codes of endings that are no class of error: the words for a change's `error` and a request's `note`
OTHER_CODES: Mapping[str, str] = {
    "ContactNotCreated": "The contact was not created, so nothing could be granted.",
    "SettledAsNotDone": "Somebody looked and says that it is not done.",
}
#: how a ProviderError is told when only its code was kept
KEPT_CODES: Mapping[str, str] = {
    "Rejected": "{provider} refused it. Asking again the same way will not help.",
    "Unavailable": "{provider} could not be reached.",
    "Unknown": "{provider} gave no clear answer.",
}


def sentence(error: errors.OfferdeskError, *, provider: str = "The provider") -> str:
    """Say it in mrkdwn. `provider` is the title people know it by."""
    reply = next(SENTENCES[kind] for kind in type(error).__mro__ if kind in SENTENCES)
    title = safe(provider, 40)
    return reply.format(provider=title) if isinstance(reply, str) else reply(error, title)


def of_code(code: str, *, provider: str = "The provider") -> str:
    """Say what a stored code means (a request's `note`, a change's `error`); an unknown one is shown as it is."""
    if code in OTHER_CODES:
        return OTHER_CODES[code]
    kept = KEPT_CODES.get(code) or _BY_NAME.get(code)
    return kept.format(provider=safe(provider, 40)) if kept else f"It ended with “{safe(code, 60)}”."


def at_fields(error: errors.Refusal, shown: Sequence[str], *, provider: str = "The provider") -> dict[str, str]:
    """Answer a form: the sentence at the refusal's field, or at the last one where the form has no such field."""
    field = error.field if error.field is not None and error.field in shown else shown[-1]
    return {field: as_plain(sentence(error, provider=provider))}


_BY_NAME = {kind.__name__: reply for kind, reply in SENTENCES.items() if isinstance(reply, str)}

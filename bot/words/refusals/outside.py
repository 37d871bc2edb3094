"""What is said where a provider, Slack or the database failed?"""

from bot.domain import errors
from bot.words.refusals.reply import Replies
from bot.words.text import safe


def _rejected(error: errors.Rejected, provider: str) -> str:
    return f"{provider} refused: {_detail(error)}. Asking again the same way will not help."


def _unavailable(error: errors.Unavailable, provider: str) -> str:
    return f"{provider} could not be reached just now ({_detail(error)}). Nothing was done; try again in a minute."


def _unknown(error: errors.Unknown, provider: str) -> str:
    return f"{provider} gave no clear answer ({_detail(error)}). It may have happened: look before repeating it."


def _detail(error: errors.ProviderError) -> str:
    return safe(error.detail, 200).rstrip(".") or "no reason given"


SENTENCES: Replies = {
    errors.Rejected: _rejected,
    errors.Unavailable: _unavailable,
    errors.Withheld: "It was held back before it was done.",
    errors.Unknown: _unknown,
    errors.Undeliverable: lambda error, _: (
        f"Slack does not let me post there ({safe(error.code, 60)}). Invite me first."
    ),
    errors.NotDelivered: lambda error, _: (
        f"Slack did not let me show you this just now ({safe(error.code, 60)}). Try again."
    ),
    errors.Unfinished: (
        "This takes longer than Slack waits for me, so I cannot say how it ended. It may be done all the same: look "
        "at `/offer requests mine` before you do it again."
    ),
    errors.Misconfigured: "A setting of mine is wrong. Tell an admin.",
    errors.StoreUnavailable: "I cannot write to my database just now, so nothing was done. Try again in a minute.",
}

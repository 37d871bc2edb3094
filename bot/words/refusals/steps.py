"""What is said where a request is not, or no longer, at the step that somebody wants to take?"""

from bot.domain import errors
from bot.domain.request import State
from bot.words import pausing, tallies
from bot.words.refusals.reply import Replies
from bot.words.states import STATES
from bot.words.text import mention, safe


def _decided(error: errors.AlreadyDecided, _provider: str) -> str:
    if error.state is State.PREPARING:
        return "This is still being prepared; it can be decided as soon as it is shown."
    by = f", by {mention(error.by)}" if error.by else ""
    return f"This is no longer waiting for a decision. It is {STATES[error.state]}{by}."


def _older(error: errors.OlderVersion, _provider: str) -> str:
    if error.shown == 0:
        return (
            "Nothing had been asked before your message, so it decided nothing. Use the buttons on the newest question."
        )
    return "Things have changed since you were asked, so nothing was decided. Look at the newest question."


def _not_editable(error: errors.NotEditable, _provider: str) -> str:
    if error.state is State.PREPARING:
        return "This is being prepared just now; it can be changed as soon as it is shown."
    if error.state is State.EXECUTING:
        return "This can no longer be changed: a part of it was done. Take it back, and ask for the rest anew."
    return f"This can no longer be changed: it is {STATES[error.state]}. Ask for something else with `/offer`."


def _too_late(error: errors.TooLate, _provider: str) -> str:
    return f"This can no longer be taken back: it is {STATES[error.state]}."


SENTENCES: Replies = {
    errors.RequestNotFound: lambda error, _: (
        f"There is no request {safe(error.request_id, 20)}. `/offer requests` lists those you may see."
        if error.request_id
        else "There is no request here. Write this in the thread of the request's card."
    ),
    errors.AlreadyDecided: _decided,
    errors.AlreadyApproved: lambda error, _: (
        f"You have approved this already, thank you. {tallies.still_needed(error.missing, error.awaited)} "
        "Until then *Withdraw* takes your approval back."
    ),
    errors.OlderThanDeed: (
        "You have approved or withdrawn here since you wrote this, so it changes nothing. Write it anew, or use the "
        "buttons."
    ),
    errors.NothingToWithdraw: "No approval of yours counts here, so there is nothing to withdraw.",
    errors.OlderVersion: _older,
    errors.NotEditable: _not_editable,
    errors.SentAlready: lambda error, _: (
        f"This form was sent before with something else in it, and {safe(error.request_id, 20)} is what is asked. "
        "Cancel that one or change it, or open a new form."
    ),
    errors.TooLate: _too_late,
    errors.NothingToRetry: "Nothing here failed or is unknown, so there is nothing to try again.",
    errors.NothingToSettle: "Nothing here is unknown any more, so there is nothing to settle.",
    errors.NothingToHold: "Nothing of this request waits to be sent, or somebody was faster: look at its card.",
    errors.NothingToUndo: "This request has brought nothing about that could be undone.",
    errors.NothingPlanned: "Nothing ends by itself here any more. `/offer ending` lists what does.",
    errors.Paused: lambda error, _: (
        f"I am paused already, {pausing.by_whom(error.pause)} `/offer resume` lets me go on."
    ),
    errors.NotPaused: "I am not paused, so there is nothing to resume. What is approved is carried out.",
    errors.OutOfTurn: "What was approved earlier goes first. Nothing was done; this has its turn after it.",
    errors.Overdrawn: "Others were approved meanwhile, and what is left is not enough. Nothing was done; try again.",
}

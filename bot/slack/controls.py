"""Which buttons may be pressed on a request as it stands? Whether this person may is asked again at the click."""

from bot.domain.lifecycle import retriable
from bot.domain.request import Case, ChangeState, State
from bot.slack import ends
from bot.slack.blocks import Block
from bot.slack.content import button
from bot.words import labels

#: the rows of the requester's own message about what was given back: the one opens the form as it was,
#: the other one with the contact to be created
CORRECT_ROW, CREATE_ROW = "correct", "create"


def of_card(case: Case) -> list[Block]:
    """Return the buttons of the card: what its state still allows."""
    request_id = case.request.id
    match case.request.state:
        case State.PREPARING | State.PENDING | State.APPROVED | State.EXECUTING if case.request.bulk:
            return _of_running_list(case)
        case State.PARTLY if case.request.bulk and undoable(case):
            return [*of_ending(case), button(labels.UNDO, "undo", request_id), history(case)]
        case State.APPROVED if case.request.is_end:
            return [*ends.buttons(request_id), ends.keep(request_id), history(case)]
        case State.PENDING if case.request.planned is not None:
            return [ends.keep(request_id), history(case)]
        case State.PREPARING | State.PENDING | State.APPROVED | State.EXECUTING:
            return [button(labels.CANCEL, "cancel", request_id)] if _unsent(case) else []
        case State.SUCCEEDED | State.PARTLY if undoable(case):
            return [button(labels.UNDO, "undo", request_id), *_prolonging(case), history(case)]
        case State.UNNEEDED:
            offered = _prolonging(case)
        case State.EXPIRED:
            offered = ask_again(case)
        case _:
            offered = of_ending(case)
    return [*offered, history(case)]


def of_ending(case: Case) -> list[Block]:
    """Return what can be done about an ending that is none."""
    if case.request.bulk:
        return _of_ended_list(case)
    request_id = case.request.id
    if case.request.state in {State.FAILED, State.PARTLY}:
        leave = [] if case.request.left else [button(labels.LEAVE, "cancel", request_id)]
        again = [button(labels.RETRY, "retry", request_id, primary=not case.request.left)] if _failed(case) else []
        return [*again, *leave]
    if case.request.state is State.UNKNOWN:
        return [
            button(labels.LOOK_AGAIN, "retry", request_id, primary=True),
            button(labels.SETTLE, "settle", request_id),
        ]
    return []


def _prolonging(case: Case) -> list[Block]:
    end = case.end
    return ends.buttons(end.id) if end is not None and end.is_end and end.state is State.APPROVED else []


def undoable(case: Case) -> bool:
    """Whether this request brought something about that another one can take back."""
    if case.request.bulk:
        return case.counts[ChangeState.SUCCEEDED] > 0
    return case.main.state is ChangeState.SUCCEEDED and case.main.receipt != "settled"


def history(case: Case) -> Block:
    """Return the button that tells the whole story, to the one who presses it."""
    return button(labels.HISTORY, "details", case.request.id)


def ask_again(case: Case) -> list[Block]:
    """Return the requester's button for asking the same anew."""
    return [button(labels.ASK_AGAIN, "correct", case.request.id)]


def edit(case: Case) -> list[Block]:
    """Return the button for changing what is asked, of those who ask or may decide; no list is changed."""
    return [] if case.request.bulk else [button(labels.EDIT, "edit", case.request.id)]


def _unsent(case: Case) -> bool:
    return any(change.state is ChangeState.TODO and change.sent is None for change in case.changes)


def _failed(case: Case) -> bool:
    return retriable(case)


def _of_running_list(case: Case) -> list[Block]:
    """Return what may be done while a list runs."""
    request_id = case.request.id
    cancel = button(labels.CANCEL, "cancel", request_id)
    if case.request.state in {State.PREPARING, State.PENDING}:
        return [cancel]
    if not case.unsent:
        return []
    if case.request.held is not None:
        return [button(labels.GO_ON, "go_on", request_id, primary=True), cancel]
    return [button(labels.PAUSE, "hold", request_id), cancel]


def _of_ended_list(case: Case) -> list[Block]:
    """Return what can be done about a list of which something is missing or unknown."""
    request_id = case.request.id
    if case.request.state in {State.FAILED, State.PARTLY}:
        leave = [] if case.request.left else [button(labels.LEAVE, "cancel", request_id)]
        again = button(labels.RETRY_FAILED, "retry", request_id, primary=not case.request.left)
        return [*([again] if case.counts[ChangeState.FAILED] else []), *leave]
    if case.request.state is State.UNKNOWN:
        return [
            button(labels.LOOK_AGAIN, "retry", request_id, primary=True),
            button(labels.SETTLE, "settle", request_id),
        ]
    return []

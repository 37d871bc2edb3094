"""Which buttons may be pressed on a request as it stands? Whether this person may is asked again at the click."""

from bot.domain.lifecycle import retriable
from bot.domain.request import Case, ChangeState, State
from bot.slack import bulk, ends
from bot.slack.content import button
from bot.slack.text import Block

#: the rows of the requester's own message about what was given back: the one opens the form as it was,
#: the other one with the contact to be created
CORRECT_ROW, CREATE_ROW = "correct", "create"


def of_card(case: Case) -> list[Block]:
    """Return the buttons of the card: what its state still allows."""
    request_id = case.request.id
    match case.request.state:
        case State.PREPARING | State.PENDING | State.APPROVED | State.EXECUTING if case.request.bulk:
            return bulk.of_card(case)
        case State.PARTLY if case.request.bulk and undoable(case):
            return [*of_ending(case), button("Undo", "undo", request_id), history(case)]
        case State.APPROVED if case.request.is_end:
            return [*ends.buttons(request_id), ends.keep(request_id), history(case)]
        case State.PREPARING | State.PENDING | State.APPROVED | State.EXECUTING:
            return [button("Cancel", "cancel", request_id)] if _unsent(case) else []
        case State.SUCCEEDED | State.PARTLY if undoable(case):
            return [button("Undo", "undo", request_id), *_prolonging(case), history(case)]
        case State.UNNEEDED if _prolonging(case):
            return [*_prolonging(case), history(case)]
        case State.EXPIRED:
            return [*ask_again(case), history(case)]
        case _:
            return [*of_ending(case), history(case)]


def of_ending(case: Case) -> list[Block]:
    """Return what can be done about an ending that is none."""
    if case.request.bulk:
        return bulk.of_ending(case)
    request_id = case.request.id
    if case.request.state in {State.FAILED, State.PARTLY}:
        leave = [] if case.request.left else [button("Leave it so", "cancel", request_id)]
        again = [button("Retry", "retry", request_id, primary=not case.request.left)] if _failed(case) else []
        return [*again, *leave]
    if case.request.state is State.UNKNOWN:
        return [button("Look again", "retry", request_id, primary=True), button("Settle", "settle", request_id)]
    return []


def _prolonging(case: Case) -> list[Block]:
    end = case.end
    return ends.buttons(end.id) if end is not None and end.is_end and end.state is State.APPROVED else []


def undoable(case: Case) -> bool:
    """Whether this request brought something about that another one can take back."""
    if case.request.bulk:
        return bulk.undoable(case)
    return case.main.state is ChangeState.SUCCEEDED and case.main.receipt != "settled"


def history(case: Case) -> Block:
    """Return the button that tells the whole story, to the one who presses it."""
    return button("History", "details", case.request.id)


def ask_again(case: Case) -> list[Block]:
    """Return the requester's button for asking the same anew; a list is given once more."""
    return [] if case.request.bulk else [button("Ask again", "correct", case.request.id)]


def edit(case: Case) -> list[Block]:
    """Return the button for changing what is asked, of those who ask or may decide; no list is changed."""
    return [] if case.request.bulk else [button("Edit", "edit", case.request.id)]


def _unsent(case: Case) -> bool:
    return any(change.state is ChangeState.TODO and change.sent is None for change in case.changes)


def _failed(case: Case) -> bool:
    return retriable(case)

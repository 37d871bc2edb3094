"""What stands in forms: titles, labels, hints, and what is said at their tops."""

from collections.abc import Mapping

from bot.domain.request import Action, Case
from bot.words import ends, labels, outcomes, subjects
from bot.words.text import date, mention, worth

# --- a request -------------------------------------------------------------------------------------------------------

TITLES: Mapping[Action, str] = {Action.GRANT: labels.ASK_GRANT, Action.REVOKE: labels.ASK_REVOKE}
SWITCHES: Mapping[Action, str] = {Action.GRANT: "Revoke instead", Action.REVOKE: "Grant instead"}
NOT_WANTED = "Not what you wanted?"
PROVIDER = "Where"
CHANNEL = "Channel in which it is decided"
CUSTOMER, CUSTOMER_EXAMPLE = "Customer", "jane@example.com"
NAME = "Name of the new contact"
OFFER = "Offer"
OFFER_SEARCH: Mapping[Action, str] = {Action.GRANT: "Type to search", Action.REVOKE: "What the customer holds"}
FOR_GOOD = "Left empty, it stays until somebody revokes it."
DAYS, DAYS_EXAMPLE, UNTIL, CHOOSE_DAY = "For how many days", "30", "Or until the end of", "Choose a day"
IDS, IDS_EXAMPLE = "Ids of what is to be revoked", "123, 456"
MAIL = "Mail to the customer"
REASON, REASON_HINT = "Reason", "All in the channel can read it."


def change(request_id: str) -> str:
    """Head the form that changes a request."""
    return f"Change {request_id}"


def name_hint(provider: str) -> str:
    """Say why a name is asked for."""
    return f"{provider} does not know this address. The contact is created under this name first."


def term_hint(empty: str) -> str:
    """Say what the two fields mean; `empty` says what follows when both are left empty."""
    return f"Days from when it took effect, or a day: then I take it back by myself. {empty}"


def welcome(provider: str) -> str:
    """Say what the box means."""
    return f"{provider} sends its welcome mail"


# --- deciding and settling -------------------------------------------------------------------------------------------

WHY_NOT, WHY_NOT_HINT = "Why not?", "The requester and all in the channel can read it."
DONE, NOT_DONE = "It is done", "It is not done"
HOW_IS_IT, HOW_KNOWN = "How is it really?", "How do you know?"


def deny(request_id: str) -> str:
    """Head the form that denies."""
    return f"{labels.DENY} {request_id}"


def settle(request_id: str) -> str:
    """Head the form that settles."""
    return f"{labels.SETTLE} {request_id}"


def look_first(provider: str) -> str:
    """Say what to do before settling."""
    return f"Look into {provider} yourself first: what you say here is what counts, and it is written down."


def about(case: Case) -> str:
    """Say which request it is about."""
    if case.request.planned is not None:
        return f"{ends.spoken(case)} is {outcomes.stands(case)}."
    asked = f"{mention(case.request.requester.id)} asked {date(case.request.created)}"
    return f"{asked} to {subjects.task(case)} ({worth(case.request.offer)})."


# --- longer, and undone ----------------------------------------------------------------------------------------------

EXTEND_EMPTY = "Leave both empty to ask that it stays for good."


def extend(case: Case) -> str:
    """Say what ends when, and that it is asked for anew."""
    held = f"*{subjects.offer(case)}* ({worth(case.request.offer)}) of *{subjects.customer(case)}*"
    then = date(case.request.planned or 0.0)
    return f"{held} is to be taken back by itself {then}. Somebody else has to approve another end."


# --- on the Home -----------------------------------------------------------------------------------------------------

LOOK_UP, ADDRESS = "Look up", "E-mail address"
PAUSE, WHY, WHY_HINT = "Pause Offerdesk", "Why?", "All who wait can read it. Nothing is sent until an admin resumes."

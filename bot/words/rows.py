"""What is said of the rows of a list: what became of each, and why some of them cannot be used?"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from bot.domain import errors
from bot.domain.draft import AddressKind
from bot.domain.outcome_file import Became, Outcome
from bot.domain.request import FORGOTTEN
from bot.domain.roster import CONTRADICTED, EXAMPLES

BECAME: Mapping[Became, str] = {
    Became.DONE: "done",
    Became.EXTENDED: "extended",
    Became.UNNEEDED: "not needed",
    Became.FAILED: "failed",
    Became.UNKNOWN: "unknown",
    Became.EXCLUDED: "not done",
    Became.CANCELLED: "cancelled",
    Became.SENT: "under way",
    Became.WAITING: "not done yet",
    Became.UNUSABLE: "cannot be used",
}
#: what is told beside that; behind a code may stand words of the provider’s, which follow
WHYS: Mapping[str, str] = {
    "verified": "verified",
    "settled": "settled by a person",
    "taken": "confirmed, which cannot be read back",
    "extended": "it was held for a time, and its end was put off",
    "already": "it already was so",
    "dropped": "taken back before it was sent",
    "unread": "sent, not read back yet",
    "not_found": "Nobody has this address there.",
    "ends": "It is held for a time by a grant that came in between: ask again to change when it ends.",
    "EndsLater": "It is held for longer already.",
    "TermOver": "The day until which it was to be granted is over.",
    "ContactAmbiguous": "Several contacts have this address there: merge them, then ask again.",
    "WorldChanged": "This customer's account has changed since it was shown. Look at it, then ask again.",
    "OfferChanged": "The offer has changed since it was shown: ask again.",
    "OfferGone": "The offer is gone.",
    "ApprovalTooOld": "The approval had become too old: ask again.",
    "NotApprover": "Who approved may not do so any more: ask again.",
    "Overdrawn": "What is left of a quota or a budget was not enough any more: ask again.",
    "NotAllowed": "By this approval it may not be done any more: ask again.",
    "RuledOut": "A rule refuses it by now.",
    "OfferElsewhere": "The offer belongs to another site.",
    "ContactNotFound": "Nobody has this address there.",
    "ContactExists": "There is such a contact already.",
    "AnswerLost": "The answer was lost.",
    "Broken": "Something in me went wrong; whoever runs me finds it in the log.",
    "Busy": "Another change for the same customer and offer was under way.",
    "InPart": "Only a part of it was done.",
    "NoTurn": "There was no time for it: other calls came first.",
    "Rejected": "It was refused there.",
    "StandingUnknown": "Slack could not tell whether who approved may still decide.",
    "Unavailable": "It could not be reached.",
    "Unknown": "It gave no clear answer.",
    "NotSeen": "It was sent, and cannot be seen yet.",
    "GaveUp": "The provider did not take it for too long.",
    "ProviderGone": "The provider is not set up any more.",
    "SettledAsNotDone": "Somebody looked: it is not done.",
    FORGOTTEN: "The customer was forgotten.",
}
#: to what their sentences say, the provider's own words add something
_IN_WORDS = frozenset({"InPart", "Unavailable", "Unknown"})
KINDS: Mapping[AddressKind, str] = {
    AddressKind.EMAIL: "e-mail address",
    AddressKind.MOBILE: "mobile number",
    AddressKind.ID: "id",
    AddressKind.EXTERNAL: "external id",
}


def told(one: Outcome) -> Outcome:
    """Put what became of a row into words."""
    became = Became(one.outcome)
    why = bad(one.why) if became is Became.UNUSABLE else _why(one.why)
    return replace(one, outcome=BECAME[became], why=why)


def bad(code: str) -> str:
    """Say why a row cannot be used; what was put into words already is told as it is."""
    head, _, detail = code.partition(": ")
    return BAD[head](detail) if head in BAD else code


def _why(code: str) -> str:
    head, _, words = code.partition(": ")
    if head == "GaveUp":
        return f"{WHYS[head]} {_why(words)}".rstrip()
    if head == "ends":
        return f"{WHYS[head]} {_until(words)}".rstrip()
    said = WHYS.get(head) or WHYS.get(_kind(head), "")
    if said and words and head in _IN_WORDS:
        return f"{said.removesuffix('.')}: {words}"
    by_itself = head in {"Rejected", "not_found"}  # what the provider says of it says more
    return words if words and (by_itself or not said) else said or head


def _until(end: str) -> str:
    """Say when it ends; what was put into words already is told as it is."""
    if not end.isdecimal():
        return end
    return f"It is taken back by itself on {datetime.fromtimestamp(int(end), UTC):%Y-%m-%d} (UTC)."


def _kind(code: str) -> str:
    """Name the kind of refusal that a code is; empty where it is none of ours."""
    refusal = getattr(errors, code, None)
    return errors.NotAllowed.__name__ if isinstance(refusal, type) and issubclass(refusal, errors.NotAllowed) else ""


def _no_address(kinds: str) -> str:
    usual = [f"{KINDS[kind]} like {EXAMPLES[kind]}" for kind in map(AddressKind, kinds.split())]
    return f"This is no {' and no '.join(usual)}."


BAD: Mapping[str, Callable[[str], str]] = {
    "QuoteOpen": lambda _: "A quotation mark is opened and never closed: close it, or take it out.",
    "QuoteTooLong": lambda _: "A quotation is too long: shorten it, or close its quotation mark before.",
    "TooManyFields": lambda _: (
        "There are more fields than column names: put text that has separators in it between quotes."
    ),
    "FieldTooLong": lambda limit: f"A field has more than {int(limit):,} characters.",
    "OfferTooLong": lambda limit: f"The offer has more than {int(limit):,} characters.",
    "ReasonTooLong": lambda limit: f"The reason has more than {int(limit):,} characters.",
    "NobodyNamed": lambda _: "No customer is named.",
    "SeveralNamed": lambda _: "Several customers stand in one field: give each a row of its own.",
    "NoAddress": _no_address,
    "ActionUnknown": lambda _: "The action is neither grant nor revoke.",
    "TermMalformed": lambda _: "The time limit is neither a number of days, as 30, nor a day, as 2027-01-31.",
    "TermTooLong": lambda limit: f"The time limit is longer than {int(limit):,} days.",
    "TermOver": lambda _: "The day until which it is to be granted is over.",
    "GrantedSince": lambda request_id: f"{request_id} has granted it since.",
    "RevokedSince": lambda request_id: f"{request_id} has revoked it since.",
    "Unconcerned": lambda _: "The list has changed nothing for this customer.",
    CONTRADICTED: lambda line: f"Row {line} asks for something else for the same customer and offer.",
}

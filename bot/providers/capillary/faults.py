"""What Capillary's codes mean: did it happen, and what is to be done? Every code that is documented is in one table."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import ProviderError, Rejected, Unavailable, Unknown
from bot.providers.cleaning import clean_private

CAPILLARY = "capillary"
#: how much of Capillary's own words is passed on, in characters
WORDS = 200
#: numbers that may be a customer's
_NUMBERS = re.compile(r"\+?\d{7,}")
_CONFIG_SOURCE = "the source is not valid for this organisation: check CAPILLARY_SOURCE and CAPILLARY_ACCOUNT_ID"
_NO_CUSTOMER = (
    "it finds no such customer; where the organisation knows customers by another identifier first, try that one"
)
_OUTSIDE = "the customer exists but is not in the loyalty program"
_ACCOUNT = "this source has several accounts: set CAPILLARY_ACCOUNT_ID"
_DOWN = "it is not available right now"

# Fragments that fit behind “Capillary refused:” or between brackets.
SENTENCES: Mapping[int, str] = {
    461: _DOWN,
    498: "the token has expired",
    500: _DOWN,
    503: _DOWN,
    521: "another action is running for this customer",
    1060: "too many customers in one call: lower CAPILLARY_BATCH",
    1101: "it does not know the program: check CAPILLARY_PROGRAM_ID",
    2010: "it does not understand how promotions were asked for",
    2305: "the customer holds no active issued promotion here",
    4000: "the client may not do this: its access group needs the customer resource, to read and to write",
    4001: "it cannot tell right now what the client may do",
    4053: "it does not understand how promotions were asked for",
    4054: "it does not understand how promotions were asked for",
    4057: "it does not understand how promotions were asked for",
    8001: "no source was named: check CAPILLARY_SOURCE",
    8002: "no identifier was named",
    8003: _CONFIG_SOURCE,
    8011: _CONFIG_SOURCE,
    8012: _CONFIG_SOURCE,
    8013: "it cannot look customers up by this kind of identifier",
    8015: _NO_CUSTOMER,
    8016: _ACCOUNT,
    8045: _ACCOUNT,
    8065: _NO_CUSTOMER,
    8069: "this customer was merged into another account: look that one up",
    8089: _OUTSIDE,
    8091: _ACCOUNT,
    8121: _OUTSIDE,
    8127: _CONFIG_SOURCE,
    8874: "it does not know this promotion in the program of CAPILLARY_PROGRAM_ID",
    8881: "program or promotion was missing from the call, which is a fault of this bot: its log says more",
    8890: "the customer has used up the limit of this promotion, or the promotion is not set up for it",
    8892: "the promotion is not active, and Capillary changes nobody on one that is not",
    8896: "it could not process this customer, as it says of an unknown customer, too",
    8899: "user groups cannot be enrolled, only single customers",
    8901: "the kind of entity was not accepted, which is a fault of this bot: its log says more",
    8902: "promotions of this type do not allow this action",
    8903: "one of the issued ids is wrong, or was revoked already",
    11013: "customer or source was missing from the call, which is a fault of this bot: its log says more",
}
#: nothing was done, and later it may be; and those of which nobody can tell what was done before
UNDONE, DOUBTFUL = frozenset({521, 4001}), frozenset({461, 500, 503})
#: about the whole call, whomever it names
OF_THE_CALL = frozenset({1060, 1101, 4000, 4001, 8874, 8881, 8892, 8899, 8901, 8902, 11013})
NO_CUSTOMER = frozenset({8015, 8065})
#: what was to be revoked may be gone already: only reading tells
PERHAPS_GONE = frozenset({2305, 8903})
#: said of a promotion that was asked for by its id
NO_PROMOTION = frozenset({4054, 8874})
LIMIT, EXPIRED = 8890, 498


@dataclass(frozen=True, slots=True)
class Fault:
    """One of the errors or warnings in an answer. A code that is no number is None."""

    code: int | None
    message: str = ""

    @property
    def sentence(self) -> str:
        """Say it in our words or, where it is not documented, in Capillary's."""
        if self.code is not None and self.code in SENTENCES:
            return SENTENCES[self.code]
        said = clean_private(_NUMBERS.sub("…", self.message), limit=WORDS).rstrip(".")
        return f"{said or 'it gives no reason'} (code {'none' if self.code is None else self.code})"

    def as_error(self, *, writes: bool = True) -> ProviderError:
        """Answer whether it happened."""
        if self.code in DOUBTFUL and writes:
            return Unknown(CAPILLARY, self.sentence, code=str(self.code))
        if self.code in UNDONE | DOUBTFUL:
            return Unavailable(CAPILLARY, self.sentence, code=str(self.code))
        return Rejected(CAPILLARY, self.sentence, code=str(self.code or "refused"))


def faults_in(told: Any) -> tuple[Fault, ...]:
    """Read a list of errors or of warnings; what is no list holds none."""
    return tuple(_fault(one) for one in told) if isinstance(told, list) else ()


def faults_of(document: Any) -> tuple[Fault, ...]:
    """Find what an answer says is wrong with the call as a whole.

    Most answers carry `errors`; those of the gateway carry a `status`, which counts where there are no data.
    """
    if not isinstance(document, dict):
        return ()
    found = faults_in(document.get("errors"))
    status = document.get("status")
    if found or document.get("data") is not None or not isinstance(status, dict) or "code" not in status:
        return found
    return (_fault(status),)


def tells(status: int, document: Mapping[str, Any]) -> bool:
    """Whether the document of a refusal says more than its status: then it is read as an answer."""
    faults = faults_of(document)
    if status >= _SERVER:
        return first_of(faults, *UNDONE) is not None
    return status not in _STATUS_SAYS_IT and bool(faults or isinstance(document.get("response"), list))


def explained(document: Any) -> str:
    """Return the words of an answer that was refused as a whole."""
    return "; ".join(fault.sentence for fault in faults_of(document))


def first_of(faults: Sequence[Fault], *codes: int) -> Fault | None:
    """Return the first fault with one of these codes."""
    return next((fault for fault in faults if fault.code in codes), None)


def _fault(told: Any) -> Fault:
    if not isinstance(told, dict):
        return Fault(None, told if isinstance(told, str) else "")
    code, message = told.get("code"), told.get("message")
    text = str(code) if isinstance(code, int | str) and not isinstance(code, bool) else ""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
    return Fault(number, message if isinstance(message, str) else "")


_DIGITS, _SERVER = 9, 500
#: credentials, and limits of time and rate: what they mean does not hang on the document
_STATUS_SAYS_IT = frozenset({401, 408, 425, 429, 498})

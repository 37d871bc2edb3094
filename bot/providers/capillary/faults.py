"""What Capillary's codes mean: did it happen? What is to be done about each that is documented, `words.FAULTS` says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.domain.draft import AddressKind, kind_of_address
from bot.domain.errors import ProviderError, Rejected, Unavailable, Unknown
from bot.domain.request import Contact
from bot.providers.capillary import words
from bot.providers.cleaning import clean_private

CAPILLARY = "capillary"
Answered = TypeVar("Answered")
#: how much of Capillary's own words is passed on, in characters
WORDS = 200
#: numbers that may be a customer's, also as people write them
_NUMBERS = re.compile(r"\+?\(?\d(?:[\s().-]{0,2}\d){6,}")
#: nothing was done, and later it may be; and those of which nobody can tell what was done before
UNDONE, DOUBTFUL = frozenset({521, 4001}), frozenset({461, 500, 503, 8896})
#: about the whole call, whomever it names
OF_THE_CALL = frozenset({1060, 1101, 4000, 4001, 8874, 8881, 8892, 8899, 8901, 8902, 11013})
NO_CUSTOMER = frozenset({8015, 8065})
#: what was to be revoked may be gone already: only reading tells
PERHAPS_GONE = frozenset({2305, 8903})
#: said of a promotion that was asked for by its id
NO_PROMOTION = frozenset({4054, 8874})
LIMIT, EXPIRED, TOO_MANY = 8890, 498, 1060


@dataclass(frozen=True, slots=True)
class Fault:
    """One of the errors or warnings in an answer. A code that is no number is None."""

    code: int | None
    message: str = ""

    @property
    def sentence(self) -> str:
        """Say it in our words or, where it is not documented, in Capillary's."""
        if self.code is not None and self.code in words.FAULTS:
            return words.FAULTS[self.code]
        said = clean_private(_NUMBERS.sub("…", self.message), limit=WORDS).rstrip(".")
        return words.undocumented(said, self.code)

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


def unnamed(answer: Answered, contact: Contact) -> Answered:
    """Take a customer's external id, which has no shape to be known by, out of what Capillary says of a failure."""
    name = contact.address.partition(":")[2] if kind_of_address(contact.address) is AddressKind.EXTERNAL else ""
    if name and isinstance(answer, ProviderError):
        answer.detail = answer.detail.replace(name, "…")
        answer.args = (f"{answer.provider}: {answer.detail}",)
    return answer


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

"""In what words is a request told: what is to be done, with which offer, for whom?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.draft import AddressKind
from bot.domain.pause import Pause
from bot.domain.request import Action, Case, State
from bot.slack.text import one_line, safe

_WORKSPACE = re.compile(r"https://[\w.-]+/")
_PLACE = re.compile(r"archives/[A-Z0-9]+/p[0-9]+")
#: how much of a name is told where several stand in one sentence
NAME = 60

EMOJI: Mapping[State, str] = {
    State.PREPARING: "🔎",
    State.PENDING: "⏳",
    State.APPROVED: "👍",
    State.EXECUTING: "⚙️",
    State.SUCCEEDED: "✅",
    State.FAILED: "❌",
    State.PARTLY: "⚠️",
    State.UNKNOWN: "❓",
    State.UNNEEDED: "👌",
    State.DENIED: "⛔",
    State.EXPIRED: "⌛",
    State.CANCELLED: "↩️",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What all messages have in common: how providers are called, and where failures are told too."""

    titles: Mapping[str, str]
    #: the providers that can create a contact
    creators: frozenset[str] = frozenset()
    #: those that have no welcome mail
    silent: frozenset[str] = frozenset()
    #: how each provider's customers can be named
    addresses: Mapping[str, frozenset[AddressKind]] = field(default_factory=dict)
    #: whether files that people upload can be read, and files be given to them
    reads_files: bool = False
    writes_files: bool = False
    alerts: str | None = None
    #: the workspace's own address, as Slack gives it; empty when it gave none
    workspace: str = ""
    #: nothing is sent for now
    pause: Pause | None = None
    #: the ending that is told was followed by another try
    tried_again: bool = False
    #: how many rows of a list are finished in a second; None: nobody can tell
    rate: float | None = None

    def provider(self, case: Case) -> str:
        """Name the provider as people know it; unescaped."""
        return self.titles.get(case.request.provider, case.request.provider)

    def link(self, channel: str, ts: str) -> str:
        """Return the address of a message; empty where nobody can tell it."""
        place = f"archives/{channel}/p{ts.replace('.', '')}"
        return f"{self.workspace}{place}" if _WORKSPACE.fullmatch(self.workspace) and _PLACE.fullmatch(place) else ""


def customer(case: Case) -> str:
    """Name the customer in a sentence."""
    return safe(_named(case), NAME)


def customer_in_full(case: Case) -> str:
    """Name the customer so that there is no mistaking: name and address."""
    if case.request.bulk:
        return customer(case)
    contact = case.main.contact
    known = [safe(part, NAME * 2) for part in (contact.name, contact.address) if part.strip()]
    return " · ".join(known) or customer(case)


def offer(case: Case) -> str:
    """Name the offer in a sentence."""
    return safe(_titled(case), NAME)


def reason(case: Case) -> str:
    """Give the reason within a sentence."""
    return safe(case.request.reason, 80).rstrip(".") or "no reason was given"


def headline(case: Case) -> str:
    """Say what is asked in so many words; unescaped, for plain text."""
    verb, towards = ("Grant", "to") if case.request.action is Action.GRANT else ("Revoke", "from")
    return f"{verb} {_short(_titled(case))} {towards} {_short(_named(case))}"


def task(case: Case) -> str:
    """Continue “asks to …”."""
    if case.request.action is Action.GRANT:
        return f"grant {offer(case)} to {customer(case)}"
    return f"revoke {offer(case)} from {customer(case)}"


def achieved(case: Case) -> str:
    """Say what is true once it is done."""
    return f"{customer(case)} {'now' if case.request.action is Action.GRANT else 'no longer'} has {offer(case)}"


def unachieved(case: Case) -> str:
    """Say what did not happen."""
    done = "granted to" if case.request.action is Action.GRANT else "revoked from"
    return f"{offer(case)} was not {done} {customer(case)}"


def already(case: Case) -> str:
    """Say what was true before anything was done."""
    if case.request.action is Action.GRANT:
        return f"{customer(case)} had {offer(case)} already"
    return f"{customer(case)} did not have {offer(case)} any more"


def counted(customers: int) -> str:
    """Count them."""
    return "1 customer" if customers == 1 else f"{customers:,} customers"


def _named(case: Case) -> str:
    if case.request.bulk:
        return counted(case.request.customers)
    contact = case.main.contact
    return one_line(contact.name) or one_line(contact.address) or f"customer {contact.id or ''}".strip()


def _titled(case: Case) -> str:
    return one_line(case.request.offer.title) or f"offer {case.request.offer.id}"


def _short(text: str) -> str:
    return text if len(text) <= NAME else f"{text[: NAME - 1]}…"

"""In what words is a request told: what is to be done, with which offer, for whom?"""

from bot.domain.request import Action, Case
from bot.words.text import one_line, safe

#: how much of a name is told where several stand in one sentence
NAME = 60
#: as many ids as may be given, each as long as it may be
IDS = 1100


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


def ids(case: Case) -> str:
    """Name the ids of what is to be revoked, all of them: an approval is for each."""
    return f"{'id' if len(case.main.ids) == 1 else 'ids'} {safe(', '.join(case.main.ids), IDS)}"


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

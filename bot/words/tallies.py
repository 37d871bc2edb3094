"""How far has a decision come that several people have to approve, and who is still needed?"""

from collections.abc import Iterable, Sequence

from bot.domain import approvals
from bot.domain.approvals import Progress
from bot.domain.preview import Preview
from bot.domain.request import AuditEvent, Case, State
from bot.words import allowances
from bot.words.text import listed, mention

#: approvers named in one message
CALLED = 20


def standing(case: Case) -> str:
    """Say how far it has come; empty where anybody's approval is enough, or nothing is to be decided."""
    if case.request.state is not State.PENDING:
        return ""
    terms = Preview.from_data(case.request.preview)
    if case.approvals:
        progress = Progress.of(case.request)
        return counted(progress.approved, progress.missing, approvals.awaited(case.request))
    if terms.one_from_each:
        each = listed(f"one from {mention(one)}" for one in terms.one_from_each)
        more = f", {terms.quorum} in all," if terms.quorum > len(terms.one_from_each) else ""
        return f"It takes more than one approval: {each}{more} have to approve. {allowances.additions(terms)}".strip()
    quorum = f"It takes {terms.quorum} approvals, each by somebody else." if terms.quorum > 1 else ""
    return f"{quorum} {allowances.additions(terms)}".strip()


def takes_several(case: Case) -> bool:
    """Whether more than one person has to approve it."""
    terms = Preview.from_data(case.request.preview)
    return max(terms.quorum, len(terms.one_from_each)) + len(terms.additions) > 1


def counted(approvers: Sequence[str], missing: int, others: Iterable[str]) -> str:
    """Say who has approved and who else is needed."""
    so_far = f"{len(approvers)} of {len(approvers) + missing} have approved"
    named = f": {listed(map(mention, approvers))}" if approvers else ""
    return f"{so_far}{named}. {still_needed(missing, others)}"


def still_needed(missing: int, others: Iterable[str]) -> str:
    """Say whose approval is needed yet."""
    people = called(others)
    return f"{'One more is' if missing == 1 else f'{missing} more are'} needed{f', from {people}' if people else ''}."


def told(event: AuditEvent) -> str:
    """Say how far it had come when something happened."""
    data = event.data
    return counted(data.get("approvers", ()), int(data.get("missing", 0)), data.get("awaited", ()))


def called(others: Iterable[str]) -> str:
    """Name so many of them as fit."""
    everybody = list(others)
    named = [mention(one) for one in everybody[:CALLED]]
    if len(everybody) > CALLED:
        named.append(f"{len(everybody) - CALLED} more")
    return listed(named, "or")


def approvers(case: Case, preview: Preview) -> str:
    """Name those who may decide; of those who wait for a decision, the ones who have not approved yet."""
    if case.request.state is State.PENDING:
        return called(approvals.awaited(case.request))
    added = (one for addition in preview.additions for one in addition)
    everybody = dict.fromkeys((*preview.approvers, *preview.one_from_each, *added))
    return called(one for one in everybody if one not in case.request.askers)

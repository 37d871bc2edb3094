"""What does a list ask for of which the rows ask for different things? Each action and offer is a request of its own.

So each of them is approved by its own rule, and what one of them is refused keeps none of the others. How long it is
to last, and why, may differ from row to row within one request.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.bulk import Brought, BulkSubmission
from bot.domain.draft import DAYS_LIMIT, normal
from bot.domain.errors import ListMixed, TermOver, TermTooLong
from bot.domain.request import Action
from bot.domain.roster import CONTRADICTED, BadRow, Roster, Row, shown
from bot.domain.term import Term

#: requests that one list may become: each is a card that somebody has to decide on
PARTS = 10


def parted(submission: BulkSubmission) -> list[BulkSubmission]:
    """Return a request for each action and offer, in the order of the list; its rows name offers by id by now.

    What cannot be used is told with the first one. Raises `ListMixed` where there are too many of them.
    """
    groups: dict[tuple[Action, str], list[Row]] = {}
    first: dict[tuple[str, str], tuple[Row, Action]] = {}
    bad = list(submission.bad)
    for row in submission.rows:
        action, offer_id = row.action or submission.action, row.offer or submission.offer_id
        before = first.setdefault((normal(row.customer), offer_id), (row, action))
        if before[1] is not action:
            why = f"{CONTRADICTED}: {before[0].line}"
            bad.append(BadRow(row.line, shown(row.customer), why))
            continue
        groups.setdefault((action, offer_id), []).append(replace(row, action=None, offer=""))
    if len(groups) > PARTS:
        raise ListMixed(PARTS)
    parts = [
        replace(
            submission,
            action=action,
            offer_id=offer_id,
            rows=tuple(rows),
            bad=(),
            repeated=0,
            key=submission.key if not number else f"{submission.key}/{action.value}/{offer_id}",
            welcome_email=submission.welcome_email and action is Action.GRANT,
            term=submission.term if action is Action.GRANT else None,
        )
        for number, ((action, offer_id), rows) in enumerate(groups.items())
    ]
    if parts:
        parts[0] = replace(parts[0], bad=tuple(bad), repeated=submission.repeated)
    return parts


def with_terms(submission: BulkSubmission, *, zone: str, now: float) -> BulkSubmission:
    """Fix when each time limit is over, for somebody in this time zone; what is over by now cannot be used.

    The longest of all stands for the whole, so that no row is granted for longer than the rules allow; a row keeps its
    own where it is another one. Where a row has none, the whole has none.
    """
    if submission.action is not Action.GRANT:
        return replace(submission, rows=tuple(replace(row, term=None) for row in submission.rows), term=None)
    whole = None if submission.term is None else submission.term.placed(zone)
    good: list[tuple[Row, Term | None]] = []
    bad: list[BadRow] = []
    for row in submission.rows:
        own = None if row.term is None else row.term.placed(zone)
        if own is not None and (why := _unusable(own, now)):
            bad.append(BadRow(row.line, shown(row.customer), why))
        else:
            good.append((row, own or whole))
    if not good:
        return replace(submission, term=whole, rows=(), bad=(*submission.bad, *bad))
    longest = max((term for _, term in good), key=lambda term: math.inf if term is None else term.ends(now))
    rows = tuple(replace(row, term=term if term != longest else None) for row, term in good)
    return replace(submission, term=longest, rows=rows, bad=(*submission.bad, *bad))


def to_undo(
    done: Sequence[Brought], chosen: Roster | None, action: Action
) -> tuple[tuple[Row, ...], tuple[BadRow, ...]]:
    """Return what is to be taken back of what was brought about, and whom of those meant it does not concern.

    What another request has done again since is not the list's any more.
    """
    by_address = {normal(one.address): one for one in done}
    meant = [(one.line, one.address) for one in done] if chosen is None else ((r.line, r.customer) for r in chosen.rows)
    rows: list[Row] = []
    bad = [] if chosen is None else list(chosen.bad)
    for line, customer in meant:
        found = by_address.get(normal(customer))
        if found is not None and not found.since:
            rows.append(Row(line=line, customer=customer))
            continue
        since = "GrantedSince" if action is Action.GRANT else "RevokedSince"
        why = f"{since}: {found.since}" if found else "Unconcerned"
        bad.append(BadRow(line, shown(customer), why))
    return tuple(rows), tuple(bad)


def summed(counts: Sequence[tuple[Term | None, int]], whole: Term | None) -> tuple[tuple[Term | None, int], ...]:
    """Say for how many rows which limit holds, the most usual first; `whole`: where a row says nothing itself."""
    total: dict[Term | None, int] = {}
    for term, count in counts:
        total[term or whole] = total.get(term or whole, 0) + count
    return tuple(sorted(total.items(), key=lambda one: -one[1]))


def _unusable(term: Term, now: float) -> str:
    if term.ends(now) <= now:
        return TermOver.__name__
    if term.in_days(now) > DAYS_LIMIT:
        return f"{TermTooLong.__name__}: {DAYS_LIMIT}"
    return ""

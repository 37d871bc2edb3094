"""What would another policy have said to all that was asked so far?"""

from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path

import click

from bot.authority import shown_terms
from bot.cli.allowances import Imagined, difference, looked_up
from bot.cli.database import existing_store
from bot.cli.policy import groups_of, members_of, said, source_of
from bot.cli.text import moment, plain
from bot.domain import policy as rules
from bot.domain.policy import Members, Precedent, Ruling, Situation
from bot.domain.request import Case, Choice, Request, State
from bot.domain.spending import by_policy
from bot.ports import Store

PAGE = 100


async def simulate(file: Path) -> None:
    """Print each request that would have gone otherwise, the oldest first, and how many there are."""
    source = source_of(file)
    members = await members_of(source)
    by_requester: dict[str, list[Request]] = defaultdict(list)
    asked: set[str] = set()
    total, differ, imagined = 0, 0, Imagined()
    async with existing_store() as store:
        for case in reversed([case async for case in _cases(store) if not case.request.is_end]):
            request = case.request
            situation = Situation(
                action=request.action,
                offer=request.offer,
                requester=request.requester.id,
                channel=request.place,
                reason=request.reason,
                at=request.created,
                groups=groups_of(request.requester.id, members),
                days=None if request.term is None else request.term.in_days(request.created),
                customers=request.customers,
                by_requester=tuple(by_requester[request.requester.id]),
                for_customers=await _pasts(store, case, asked, looks_back=source.policy.looks_back),
            )
            situation = await looked_up(imagined, source.policy, situation, members)
            by_requester[request.requester.id].append(request)
            asked.add(request.id)
            ruling = rules.rule_on(source.policy, situation)
            if ruling.refusal is None:
                imagined.remember(case, ruling)
            other = otherwise(case, ruling, members)
            total, differ = total + 1, differ + bool(other)
            if other:
                what = f"{request.action.value} {request.offer.title} by {request.requester.id}"
                click.echo(f"{request.id:<8}  {moment(request.created)}  {plain(what)}: {plain(other)}")
    click.echo(f"{differ} of {total} requests would have gone otherwise.")
    if source.settings is None and source.policy.groups:
        click.echo(f"Slack was not asked who is in {', '.join(sorted(source.policy.groups))}. {source.lacking}")


async def _pasts(
    store: Store, case: Case, asked: set[str], *, looks_back: float
) -> tuple[tuple[Request | Precedent, ...], ...]:
    """Read what had been asked for each of its customers by then."""
    request, since = case.request, case.request.created - looks_back
    if not looks_back:
        return ()
    if request.bulk:
        pasts = await store.asked_for_each(request.id, since)
        return tuple(tuple(one for one in past if one.created <= request.created) for past in pasts)
    past = await store.asked_since(since, contact=case.main.contact, but=request.id)
    return (tuple(one for one in past if one.id in asked),)


def otherwise(case: Case, ruling: Ruling, members: Members) -> str:
    """Say what would have gone otherwise under this ruling; empty when nothing would."""
    request = case.request
    if ruling.refusal is not None:
        return f"{ruling.rule} would have refused it: {said(ruling.refusal)}"
    if request.state in {State.PREPARING, State.CANCELLED} and not request.version:
        return ""  # nobody was asked to decide on it
    by_itself = by_policy(request)
    other = difference(case, ruling, by_itself=by_itself)
    return other if other or by_itself else _by_people(case, ruling, members)


def _by_people(case: Case, ruling: Ruling, members: Members) -> str:
    """Say who else would have had to approve it, or where."""
    request = case.request
    approvals = [one.by.id for one in case.decisions if one.version == request.version and one.choice is Choice.APPROVE]
    unnamed = sorted(set(approvals) - rules.everybody(ruling.terms.named, members))
    named = " or ".join(ruling.terms.named) or "nobody"
    if unnamed:
        return f"{', '.join(unnamed)} could not have approved it; under {ruling.rule}, {named} decide"
    before, after = shown_terms(request), ruling.terms
    if set(before.named) != set(after.named):
        return f"under {ruling.rule}, {named} decide instead of {' or '.join(before.named)}"
    if before.needed != after.needed:
        return f"under {ruling.rule}, {after.needed} have to approve instead of {before.needed}"
    if ruling.channel not in {"", request.channel}:
        return f"under {ruling.rule}, its card goes to {ruling.channel} instead of {request.channel}"
    return ""


async def _cases(store: Store) -> AsyncIterator[Case]:
    """Read all requests, newest first."""
    before: float | None = None
    while True:
        page = await store.requests(before=before, limit=PAGE)
        for request in page.requests:
            case = await store.case(request.id)
            if case is not None:
                yield case
        before = page.next
        if before is None:
            return

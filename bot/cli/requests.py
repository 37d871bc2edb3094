"""Requests, for the people who run the bot."""

from collections.abc import Iterator, Sequence

import click

from bot.cli.database import existing_store
from bot.cli.pausing import sentence
from bot.cli.text import moment, plain
from bot.domain.outcome_file import row, written
from bot.domain.request import AuditEvent, Case, Change, Request, State
from bot.domain.spending import by_policy
from bot.store import SqliteStore
from bot.words import rows

#: how many are read at a time
PAGE = 100
WAITING = frozenset({State.PREPARING, State.PENDING})


async def listed(*, waiting: bool, by: str | None, limit: int) -> None:
    """Print a line for each request, newest first."""
    before, left = None, limit
    async with existing_store() as store:
        if (pause := await store.paused()) is not None:
            click.echo(f"Nothing is carried out: {sentence(pause)}.", err=True)
        while left:
            page = await store.requests(
                states=WAITING if waiting else None, requester=by, before=before, limit=min(left, PAGE)
            )
            for request in page.requests:
                click.echo(_line(request))
            left -= len(page.requests)
            before = page.next
            if before is None:
                break
    if left == limit:
        click.echo("There are none.")


async def shown(typed: str) -> None:
    """Print all that is known of one request."""
    async with existing_store() as store:
        case = await _found(store, typed)
        history = await store.history(case.request.id)
    for line in _story(case, history):
        click.echo(line)


async def exported(typed: str) -> None:
    """Write the outcomes of a list as a file."""
    async with existing_store() as store:
        case = await _found(store, typed)
        if not case.request.bulk:
            raise click.ClickException(f"{case.request.id} is for one customer: `requests show` tells all of it.")
        click.echo(b"".join(written(())), nl=False)
        async for outcome in store.outcomes(case.request.id):
            click.echo(row(rows.told(outcome)), nl=False)


async def _found(store: SqliteStore, typed: str) -> Case:
    request_id = typed.strip().upper()
    request_id = request_id if request_id.startswith("R-") else f"R-{request_id}"
    case = await store.case(request_id)
    if case is None:
        raise click.ClickException(f"There is no request {plain(request_id)}: `requests list` names them.")
    return case


def _line(request: Request) -> str:
    what = f"{request.action.value} {request.offer.title}"
    return (
        f"{request.id:<8}  {moment(request.created)}  {request.state.value:<9}  "
        f"{request.requester.id}  {request.channel}  {plain(what)}"
    )


def _customer(case: Case) -> str:
    request = case.request
    if request.bulk:
        counts = ", ".join(f"{count:,} {state.value}" for state, count in case.counts.items() if count)
        return f"{request.size:,} of a list: {counts}"
    contact = case.main.contact
    known = f"{request.provider} {contact.id}" if contact.id else f"not known to {request.provider}"
    return f"{plain(contact.address) or 'forgotten'} ({plain(known)})"


def _story(case: Case, history: Sequence[AuditEvent]) -> Iterator[str]:
    request = case.request
    yield f"{request.id}: {request.state.value}"
    place = f" in {request.place}" if request.place else ""
    yield f"  asked    {moment(request.created)} by {request.requester.id}{place}"
    if request.place != request.channel:
        yield f"  card     in {request.channel}"
    yield f"  what     {request.action.value} {plain(request.offer.title)} ({plain(request.offer.key)})"
    yield f"  customer {_customer(case)}"
    yield f"  because  {plain(request.reason)}"
    if request.parent:
        yield f"  follows  {request.parent}"
    for change in case.changes:
        yield f"  change   {_change(change)}"
    if by_policy(request) and request.decided is not None:
        yield f"  decision {moment(request.decided)} approve by the rule {plain(str(request.preview['rule']))} itself"
    for decision in case.decisions:
        said = f": {plain(decision.note)}" if decision.note else ""
        yield (
            f"  decision {moment(decision.at)} {decision.choice.value} by {decision.by.id}, "
            f"version {decision.version}{said}"
        )
    for event in history:
        said = f": {plain(event.text)}" if event.text else ""
        by = event.actor.id if event.actor else "the bot"
        yield f"  {event.seq:<8} {moment(event.at)} {event.name} by {by}{said}"


def _change(change: Change) -> str:
    parts = [f"{change.action.value}: {change.state.value}"]
    if change.sent is not None:
        parts.append(f"sent {moment(change.sent)}")
    if change.verified is not None:
        parts.append(f"verified {moment(change.verified)}")
    if change.error:
        parts.append(plain(change.error))
    return ", ".join(parts)

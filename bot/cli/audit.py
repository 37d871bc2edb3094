"""The audit: does it hold, and what is in it?"""

import csv
import json
import sys
from typing import Any

import click

from bot.cli.database import existing_archive
from bot.cli.text import cell, moment
from bot.domain.request import AuditEvent

COLUMNS = ("seq", "time", "at", "name", "request", "team", "person", "data", "hash")


def holds() -> bool:
    """Follow the chain and say whether it holds."""
    with existing_archive() as archive:
        proof = archive.verify()
    if proof.broken is None:
        click.echo(f"ok  {proof.rows} lines, each as it was written.")
        return True
    click.echo(
        f"no  Line {proof.broken} was changed, removed or moved; "
        f"the {proof.broken - 1} before it are as they were written. Compare with a backup."
    )
    return False


def write_csv(*, after: int) -> None:
    """Write a line a row, safe to open in a spreadsheet."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    with existing_archive() as archive:
        for event, chained in archive.export(after=after):
            row = _fields(event, chained) | {"data": json.dumps(dict(event.data))}
            writer.writerow([cell(str(value)) if value is not None else "" for value in row.values()])


def write_jsonl(*, after: int) -> None:
    """Write an object a line."""
    with existing_archive() as archive:
        for event, chained in archive.export(after=after):
            click.echo(json.dumps(_fields(event, chained)))


def _fields(event: AuditEvent, chained: str) -> dict[str, Any]:
    actor = event.actor
    values = (
        event.seq,
        moment(event.at),
        event.at,
        event.name,
        event.request_id,
        actor.team if actor else None,
        actor.id if actor else None,
        dict(event.data),
        chained,
    )
    return dict(zip(COLUMNS, values, strict=True))

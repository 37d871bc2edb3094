"""The audit: does it hold, and what is in it?"""

import csv
import json
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from bot.cli.database import existing_archive
from bot.cli.text import cell, moment
from bot.domain.request import AuditEvent
from bot.store.audit import Harm, Head

COLUMNS = ("seq", "time", "at", "name", "request", "team", "person", "data", "hash")


#: continues “Line 7 …”
HARMS: Mapping[Harm | None, str] = {
    Harm.CHANGED: "is not the one that was written: it was changed, or another one was put in its place",
    Harm.REMOVED: "was removed",
    Harm.MOVED: "was moved: it stands further on",
    Harm.CUT: "and all that followed were cut off",
}
HEAD = re.compile(r"(?:(\d+):)?([0-9a-f]{64})")


def holds(told: Sequence[str] = ()) -> bool:
    """Follow the chain and say whether it holds, and whether the heads that were told are in it."""
    heads = [head_of(one) for one in told]
    with existing_archive() as archive:
        proof = archive.verify(heads=heads)
    if proof.broken is not None:
        click.echo(
            f"no  Line {proof.broken} {HARMS[proof.harm]}. "
            f"The {proof.broken - 1} before it are as they were written. Compare with a backup."
        )
        return False
    for one in proof.lost:
        click.echo(f"no  {_lost(one, proof.rows)} Compare with a backup.")
    if not proof.lost:
        among = f" The {'heads are' if len(heads) > 1 else 'head is'} among them." if heads else ""
        click.echo(f"ok  {proof.rows} lines, each as it was written.{among}")
    return not proof.lost


def head_of(typed: str) -> Head:
    """Read a head as it is told: the line's position and its hash, or the hash alone."""
    match = HEAD.fullmatch(typed.strip().strip("`").lower())
    if match is None:
        raise click.BadParameter("give it as it was told, LINE:HASH with 64 digits of hash.", param_hint="--head")
    return Head(match[2], int(match[1]) if match[1] else None)


def _lost(head: Head, rows: int) -> str:
    if head.seq is not None and head.seq > rows:
        return f"Line {head.seq} is gone: the audit ends at {rows}, so the newest lines were cut off."
    at = "No line" if head.seq is None else f"Line {head.seq} is another one: it no longer"
    return f"{at} has the hash {head.hash[:12]}…, so the audit was written anew, or cut off and continued."


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
            sys.stdout.write(f"{json.dumps(_fields(event, chained))}\n")


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

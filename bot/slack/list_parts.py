"""A list of which the rows name offers and actions themselves: what they mean, and how it is told what became of it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.bulk import BulkSubmission
from bot.domain.errors import BadInput, ListMixed, Refusal
from bot.domain.mixed import PARTS
from bot.domain.outcome_file import Became
from bot.domain.request import Action, Case
from bot.domain.roster import BadRow, Roster, shown
from bot.slack.blocks import context, section, stacked
from bot.slack.content import Content, content
from bot.slack.desk import Desk
from bot.words import bulk_form
from bot.words.text import as_plain

#: different names of offers that are looked up: Slack waits for the answer
NAMES = 5 * PARTS
#: rows that are told at once; all of them stand in the file in the thread
TOLD = 20

Refused = Sequence[tuple[BulkSubmission, Refusal]]


async def named(desk: Desk, submission: BulkSubmission) -> BulkSubmission:
    """Put ids in the place of the words that rows name offers by; rows that name none cannot be used."""
    words = {row.offer.casefold(): row.offer for row in submission.rows if row.offer}
    if len(words) > NAMES:
        raise ListMixed(PARTS)
    meant: dict[str, str] = {"": ""}
    unclear: dict[str, str] = {}
    own = await desk.lookups.match(submission.provider, submission.offer_id) if submission.offer_id else None
    for key, said in words.items():
        if own is not None and key in {own.id, own.key, own.title.casefold(), own.internal_title.casefold()}:
            meant[key] = own.id
            continue
        try:
            meant[key] = (await desk.lookups.match(submission.provider, said)).id
        except BadInput as error:
            unclear[key] = as_plain(desk.sentence(error))
    rows = tuple(
        replace(row, offer=meant[row.offer.casefold()]) for row in submission.rows if row.offer.casefold() in meant
    )
    bad = tuple(
        BadRow(row.line, shown(row.customer), unclear[row.offer.casefold()])
        for row in submission.rows
        if row.offer.casefold() in unclear
    )
    return replace(submission, rows=rows, bad=(*submission.bad, *bad))


def told(
    desk: Desk, submission: BulkSubmission, roster: Roster, cases: Sequence[Case], refused: Refused
) -> Content | None:
    """Say at once what is asked, and what of the list cannot be used and why; None where it is just what was sent."""
    return left_out(desk, cases, refused, rest=_besides(submission, roster, cases))


def left_out(desk: Desk, cases: Sequence[Case], refused: Refused = (), *, rest: Sequence[str] = ()) -> Content | None:
    """Say what is asked, and what is not; None where there is nothing to say but that."""
    bad = [one for case in cases for one in case.exceptions if one.outcome == Became.UNUSABLE][:TOLD]
    others = sum(case.request.bad for case in cases) - len(bad)
    if not (bad or rest or refused or len(cases) > 1):
        return None
    lines = [bulk_form.bad_row(one) for one in bad]
    if others > 0:
        lines.append(bulk_form.further(others, cases[0], desk.scene))
    asked = list(bulk_form.asked(cases, apart=bool(refused)))
    return content(
        asked[0],
        *stacked(asked),
        *stacked(_not_asked(desk, part, refusal) for part, refusal in refused),
        section(bulk_form.left_out(len(bad) + others)) if bad else None,
        *stacked(lines),
        context(" ".join(rest)) if rest else None,
    )


def _not_asked(desk: Desk, part: BulkSubmission, refusal: Refusal) -> str:
    return bulk_form.not_asked(part, desk.sentence(refusal, provider=part.provider), most=TOLD)


def _besides(submission: BulkSubmission, roster: Roster, cases: Sequence[Case]) -> list[str]:
    again = sum(case.request.repeated for case in cases)
    timeless = any(case.request.action is Action.REVOKE for case in cases)
    timed = submission.term is not None or any(row.term is not None for row in roster.rows)
    return list(bulk_form.besides(again, roster.unread[:TOLD], timeless=timeless and timed))

"""Who decides on a request, by which rule, and why can the reader not? For whoever asks why."""

import re
from collections.abc import Iterator

from bot.domain.errors import OwnRequest
from bot.domain.explanation import Explanation
from bot.domain.policy import Tally
from bot.domain.preview import Preview
from bot.domain.request import Case, Choice, Decision, State
from bot.domain.spending import by_policy
from bot.words import allowances, refusals, rules, tallies
from bot.words.text import date, listed, mention, safe

#: what is certainly an id, and no word or currency
_ID = re.compile(r"\b[UWSCG](?=[A-Z]*[0-9])[A-Z0-9]{3,}\b")


def lines(told: Explanation) -> Iterator[str]:
    """Say it, one line each."""
    case = told.case
    preview = Preview.from_data(case.request.preview)
    if case.request.state is State.PREPARING or case.request.version == 0:
        yield "*Rule:* it is chosen as soon as this is shown to those who may decide."
        return
    yield f"*Rule:* {_rule(told, preview)}"
    yield f"*May decide:* {tallies.approvers(case, preview)}."
    yield f"*Has decided:* {_decided(case, told.tally)}"
    yield from (line for line in (*allowances.budgets(case), allowances.withheld(case)) if line)
    if case.request.state is State.PENDING:
        yield f"*You:* {_reader(told)}"


def _rule(told: Explanation, preview: Preview) -> str:
    verdict = told.verdict
    if verdict is None or verdict.grounds is None:
        return f"{safe(preview.rule, 60)}."
    words = _ID.sub(lambda found: mention(found[0]), safe(rules.decides(verdict.rule, verdict.grounds), 600))
    if verdict.rule == preview.rule:
        return f"{words}."
    return f"{safe(preview.rule, 60)}, as it was shown. The rules have changed since: now {words}. Both count."


def _decided(case: Case, tally: Tally | None) -> str:
    if by_policy(case.request):
        return f"nobody: approved {allowances.granted(case.request.preview)}."
    current = [one for one in case.decisions if one.version == case.request.version]
    said = f"{listed(map(_one, current))}." if current else "nobody yet."
    if tally is None or tally.full or case.request.state is not State.PENDING:
        return said
    if tally.missing == 1 and not current:
        return said
    more = "one more approval is" if tally.missing == 1 else f"{tally.missing} more approvals are"
    of = f", of {listed(map(mention, tally.awaited[:10]), 'or')}" if tally.awaited else ""
    return f"{said} {more[0].upper()}{more[1:]} needed{of}."


def _one(decision: Decision) -> str:
    word = "approved" if decision.choice is Choice.APPROVE else "denied"
    return f"{mention(decision.by.id)} {word} {date(decision.at)}"


def _reader(told: Explanation) -> str:
    case, me = told.case, told.reader.id
    if me in case.request.askers:
        return refusals.sentence(OwnRequest())
    if any(one.by.id == me for one in case.approvals):
        return "you have approved this already."
    if told.verdict is None:
        return "Slack could not tell just now whether you may decide. Ask again in a minute."
    if told.verdict.refusal is not None:
        return refusals.sentence(told.verdict.refusal)
    return "you may decide, with *Approve* and *Deny* in the request’s thread."

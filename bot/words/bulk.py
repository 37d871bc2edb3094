"""In what words is it told how a list stands: what is being looked up, what would be done, what was done?"""

from collections.abc import Iterator

from bot.domain.outcome_file import Outcome
from bot.domain.preview import Preview
from bot.domain.request import DO, EXTEND, FIT, UNNEEDED, Action, AuditEvent, Case, ChangeState, State
from bot.words import list_ends, rows, subjects
from bot.words.scene import Scene
from bot.words.states import EMOJI, STATES
from bot.words.subjects import counted
from bot.words.text import listed, money, safe, worth

#: characters of the bar; on a phone it stays on one line
WIDTH = 20
LEFT_OUT, NOT_DONE = "*Left out:*", "*Not done:*"
#: exceptions that are named where somebody decides; the others stand in the file
NAMED = 12
HELD = "⏸️"
MINUTE, HOUR = 60, 3600
#: what the preview found, as it continues “12 …”
PLANS = {DO: "to do", EXTEND: "held for a time", UNNEEDED: "already so", "not_found": "not found"}


def bar(done: int, of: int) -> str:
    """Draw how much of it is done."""
    share = min(max(done / of, 0.0), 1.0) if of else 1.0
    filled = int(share * WIDTH)
    return f"`{'█' * filled}{'░' * (WIDTH - filled)}` {int(share * 100)} %"


# --- how it stands ---------------------------------------------------------------------------------------------------


def preparing(case: Case, scene: Scene) -> str:
    request = case.request
    made, expected = request.preview.get("calls") or (0, 0)
    looked = int(request.preview.get("looked", 0))
    share = bar(looked, request.size) if looked or not expected else bar(made, expected)
    told = f"{EMOJI[State.PREPARING]} *Being prepared*: {counted(request.size)} are looked up at "
    return f"{told}{safe(scene.provider(case), 40)}.\n{share}"


def progress(case: Case, scene: Scene) -> str:
    """Say how far it has come, how fast it goes, and how long it will take."""
    counts, left = case.counts, case.unsent
    sent = counts[ChangeState.TODO] - left
    parts = [f"{counts[ChangeState.SUCCEEDED]:,} done"]
    parts += [
        f"{counts[state]:,} {state.value}" for state in (ChangeState.FAILED, ChangeState.UNKNOWN) if counts[state]
    ]
    parts += [f"{sent:,} sent, not read back yet"] if sent else []
    parts.append(f"{left:,} left")
    if scene.rate is not None and left:
        pace = f"{scene.rate:.1f} a second" if scene.rate >= 1 else f"{scene.rate * MINUTE:.0f} a minute"
        parts += [pace, f"about {_lasting(left / scene.rate)} to go"]
    held = (
        f"{HELD} *On hold*: nothing more is sent until somebody presses *Go on*.\n"
        if case.request.held is not None
        else ""
    )
    return f"{held}{bar(case.request.customers - left, case.request.customers)}\n{' · '.join(parts)}"


def _lasting(seconds: float) -> str:
    if seconds < MINUTE:
        return "a minute"
    return f"{seconds / MINUTE:.0f} min" if seconds < 2 * HOUR else f"{seconds / HOUR:.0f} h"


# --- what is asked ---------------------------------------------------------------------------------------------------


def value(case: Case) -> str:
    """Say what all of it is worth; empty where nobody can tell."""
    total = case.request.preview.get("value")
    return money(total, case.request.offer.currency) if isinstance(total, int) else ""


def question(case: Case) -> str:
    """Ask for a decision on the whole list."""
    request = case.request
    verb, towards = ("Grant", "to") if request.action is Action.GRANT else ("Revoke", "from")
    each = f"{worth(request.offer)} each"
    return f"*{verb} {subjects.offer(case)}* ({each}) {towards} *{counted(request.customers)}*?"


def found(case: Case) -> Iterator[str]:
    """Say what was found, and what would follow."""
    preview = Preview.from_data(case.request.preview)
    if total := value(case):
        yield f"*In all:* {total}"
    yield f"*The list:* {', '.join(_sorted(case, preview))}"
    yield from list_ends.foreseen(case)
    if preview.reasons:
        yield f"*Reasons:* {counted(preview.reasons)} with a reason of their own, which the file has."
    for effect in preview.effects[:NAMED]:
        concerned = preview.effect_counts.get(effect)
        yield f"• {safe(effect, 300)}" + (f" ({counted(concerned)})" if concerned else "")
    if len(preview.effects) > NAMED:
        yield f"• {len(preview.effects) - NAMED} more effects"


def left_out(case: Case, *, most: int) -> list[str]:
    """Name so many of those for whom nothing would be done, and why."""
    return list(named(case, heading=LEFT_OUT, most=most))


def elsewhere(case: Case, scene: Scene) -> list[str]:
    """Say where all rows are told, where some are left out or differ."""
    preview = Preview.from_data(case.request.preview)
    if not (case.exceptions or preview.terms[1:] or preview.reasons):
        return []
    return [everything(case, scene)]


def _sorted(case: Case, preview: Preview) -> Iterator[str]:
    for plan, words in PLANS.items():
        if plan in preview.rows:
            yield f"{preview.rows[plan]:,} {words}"
    others = sum(count for plan, count in preview.rows.items() if plan not in PLANS)
    if others:
        yield f"{others:,} cannot be done"
    if case.request.bad:
        yield f"{case.request.bad:,} cannot be used"
    if case.request.repeated:
        yield f"{case.request.repeated:,} repeated"


def named(case: Case, *, heading: str, most: int = NAMED) -> Iterator[str]:
    """Name the first rows that are no success."""
    if not case.exceptions:
        return
    yield heading
    for one in case.exceptions[:most]:
        yield _row(one)
    if len(case.exceptions) > most:
        yield "• …"


def _row(one: Outcome) -> str:
    said = rows.told(one)
    why = f": {safe(said.why, 160)}" if said.why else ""
    return f"• Row {one.line}, {safe(one.customer, 60)}, {safe(said.outcome, 40)}{why}"


def everything(case: Case, scene: Scene) -> str:
    """Say where every row is told."""
    return "The file in the thread has every row." if scene.writes_files else whole_list(case)


def whole_list(case: Case) -> str:
    """Say who can get every row where the bot may not give files."""
    return f"Whoever runs me gets every row with `python -m bot requests export {case.request.id}`."


def file_title(request_id: str, event: AuditEvent | None) -> str:
    """Say what the file in the thread holds."""
    became = event is None or event.name not in {"request.prepared", "request.returned"}
    return f"{request_id}: what {'became of each row' if became else 'was found for each row'}"


# --- how it ended ----------------------------------------------------------------------------------------------------


def ended(case: Case) -> str:
    """Tell the ending: for how many it is so now, and for how many not."""
    emoji, counts, others, done = EMOJI[case.request.state], case.counts, _others(case), _done(case)
    match case.request.state:
        case State.SUCCEEDED:
            return f"{emoji} *Done*: {done}{f'; {others}' if others else ''}.{_ends(case)}"
        case State.UNNEEDED if case.extended:
            return f"✅ *Extended*: {others}. Nothing had to be sent.{_ends(case)}"
        case State.UNNEEDED:
            return f"{emoji} *Not needed*: it was so already for everybody. Nothing was sent."
        case State.FAILED:
            return f"{emoji} *Failed*: {others} of {counted(case.request.customers)}.{_ends(case)}"
        case State.PARTLY:
            others = others or "the others of the list were left out"
            return f"{emoji} *Done only in part*: {done}; {others}.{_ends(case)}"
        case State.UNKNOWN:
            unknown = f"*Unknown for {counted(counts[ChangeState.UNKNOWN])}*: nobody can say yet whether it took effect"
            return f"{emoji} {unknown}. {done}{f'; {others}' if others else ''}. I will not repeat it blindly."
        case _:
            return f"{emoji} It is {STATES[case.request.state]}."


def _ends(case: Case) -> str:
    told = list_ends.tally(case)
    return f"\n{told}" if told else ""


def _done(case: Case) -> str:
    """Say for how many it is so, and for how many of them nobody has seen it."""
    seen = case.counts[ChangeState.SUCCEEDED] - case.unseen - case.settled
    parts = [
        _has(case, seen) if seen or not (case.unseen or case.settled) else "",
        f"confirmed for {counted(case.unseen)}, which cannot be read back" if case.unseen else "",
        f"settled as done by a person for {counted(case.settled)}" if case.settled else "",
    ]
    return "; ".join(filter(None, parts))


def _has(case: Case, count: int) -> str:
    since = "now" if case.request.action is Action.GRANT else "no longer"
    return f"{counted(count)} {since} {'has' if count == 1 else 'have'} {subjects.offer(case)}"


def _others(case: Case) -> str:
    counts, plans = case.counts, case.request.preview.get("rows", {})
    dropped = counts[ChangeState.CANCELLED] - sum(count for plan, count in plans.items() if plan not in FIT)
    already = counts[ChangeState.UNNEEDED] - plans.get(UNNEEDED, 0) - case.extended
    until = "longer" if case.request.preview.get("terms") else "for good"
    parts = [
        f"{counted(case.extended)} {'keeps' if case.extended == 1 else 'keep'} it {until}" if case.extended else "",
        f"for {counted(already)} it was so already" if already > 0 else "",
        f"{counts[ChangeState.FAILED]:,} failed" if counts[ChangeState.FAILED] else "",
        f"{dropped:,} taken back before they were sent" if dropped > 0 else "",
    ]
    return listed(part for part in parts if part) if any(parts) else ""


def advice(case: Case) -> str:
    """Say what to do next; empty where there is nothing to do."""
    match case.request.state:
        case State.FAILED | State.PARTLY if case.counts[ChangeState.FAILED]:
            return "*Retry failed* tries those again that failed, and nobody else; what is done stays done."
        case State.FAILED | State.PARTLY:
            return "Ask again for those who are missing, or *Leave it so*."
        case State.UNKNOWN:
            return "I look again by myself. Who may approve can *Settle* all that is unknown, having looked."
        case _:
            return ""

"""What does the channel see of a request? One card: what, for whom, worth how much, why, and how it stands now."""

from bot.domain.request import Case, Decision, State
from bot.domain.spending import by_policy
from bot.slack import allowances, background, bulk, controls, ends, outcomes, pausing, subjects, tallies, terms
from bot.slack.content import Content, buttons, content, paragraphs
from bot.slack.subjects import EMOJI, Scene
from bot.slack.text import Block, context, date, listed, mention, plain, quoted, safe, section, worth

#: a longer reason would push the state off a phone's screen; then the question in the thread shows all of it
REASON_SHOWN = 600
#: the states in which a danger can still be kept away
WAITING = frozenset({State.PENDING, State.APPROVED})


def card(case: Case, scene: Scene) -> Content:
    """Draw the card."""
    request = case.request
    return content(
        spoken(case),
        {"type": "header", "text": plain(subjects.headline(case), 150)},
        context(_facts(case, scene)),
        section(quoted(request.reason, REASON_SHOWN)) if request.reason.strip() else None,
        paragraphs(background.dangers(case)) if request.state in WAITING else None,
        paragraphs([*allowances.budgets(case), allowances.withheld(case)]) if request.state is State.PENDING else None,
        section(standing(case, scene)),
        _background(case),
        buttons(controls.of_card(case)),
    )


def spoken(case: Case) -> str:
    """Say the card in a sentence."""
    request = case.request
    told = f"{EMOJI[request.state]} {mention(request.requester.id)} asks to {subjects.task(case)}"
    stands = f"It is {outcomes.stands(case)}. {tallies.standing(case)}".strip()
    return f"{told} ({worth(request.offer)}), because {subjects.reason(case)}. {stands}"


def _facts(case: Case, scene: Scene) -> str:
    request = case.request
    if request.bulk:
        facts = [f"{worth(request.offer)} each", *filter(None, (bulk.value(case), safe(request.file_name, 80)))]
    else:
        facts = [worth(request.offer), safe(case.main.contact.address, 120) or subjects.customer(case)]
    if request.term is not None:
        facts.append(terms.brief(request.term))
    facts += [f"asked by {mention(request.requester.id)} {date(request.created)}"]
    if len(scene.titles) > 1:
        facts.append(safe(scene.provider(case), 40))
    facts.append(request.id)
    if request.parent:
        facts.append(f"follows {safe(request.parent, 20)}")
    return " · ".join(facts)


def _background(case: Case) -> Block | None:
    known = background.brief(case) if case.request.state is State.PENDING else ""
    return context(known) if known else None


def standing(case: Case, scene: Scene) -> str:
    """Say how it stands, beginning with the state's own emoji."""
    request = case.request
    emoji = EMOJI[request.state]
    match request.state:
        case State.PREPARING:
            return _preparing(case, scene)
        case State.PENDING:
            until = f", until {date(request.expires)}" if request.expires is not None else ""
            return f"{emoji} *Waiting* for a decision, in the thread{until}. {tallies.standing(case)}".strip()
        case State.APPROVED:
            waits = _waits_for(case, scene) or ends.standing(case)
            return f"{emoji} *Approved*{_approved_by(case)}. {waits}".strip() + _progress(case, scene)
        case State.EXECUTING:
            waits = _waits_for(case, scene)
            return f"{emoji} *Under way*, approved{_approved_by(case)}. {waits}".strip() + _progress(case, scene)
        case State.DENIED:
            return f"{emoji} *Denied*{_by(case.verdict)}. {outcomes.untouched(case)}{_note(case.verdict)}"
        case State.EXPIRED:
            return f"{emoji} *Expired*: nobody decided in time. {outcomes.untouched(case)}"
        case State.CANCELLED:
            return f"{emoji} *Cancelled*. {outcomes.untouched(case)}"
        case _:
            return _ended(case, scene)


def _preparing(case: Case, scene: Scene) -> str:
    if case.request.bulk:
        return bulk.preparing(case, scene)
    if case.request.editors:
        return f"✏️ *Being changed* by {mention(case.request.editors[-1].id)}; the question comes anew."
    return f"{EMOJI[State.PREPARING]} *Being prepared*: reading from {safe(scene.provider(case), 40)}."


def _progress(case: Case, scene: Scene) -> str:
    return f"\n{bulk.progress(case, scene)}" if case.request.bulk else ""


def _waits_for(case: Case, scene: Scene) -> str:
    if scene.pause is not None and pausing.holds_up(case):
        return f"\n{pausing.on_card(scene.pause)}"
    return outcomes.trouble(case, scene)


def _ended(case: Case, scene: Scene) -> str:
    decided = case.verdict is not None or by_policy(case.request)
    approved = f"Approved{_approved_by(case)}." if decided else ""
    left = "Left as it is." if case.request.left else ""
    return "\n".join(line for line in (outcomes.ended(case, scene), f"{approved} {left}".strip()) if line)


def _approved_by(case: Case) -> str:
    last = case.verdict
    if by_policy(case.request):
        return f" {allowances.granted(case.request.preview)}"
    return f" by {listed(mention(one.by.id) for one in case.approvals)} {date(last.at)}" if last is not None else ""


def _by(decision: Decision | None) -> str:
    return f" by {mention(decision.by.id)} {date(decision.at)}" if decision is not None else ""


def _note(decision: Decision | None) -> str:
    return f"\n{quoted(decision.note, REASON_SHOWN)}" if decision is not None and decision.note.strip() else ""

"""What does a card say: the facts, and how the request stands now?"""

from bot.domain.pause import holds_up
from bot.domain.request import Case, Decision, State
from bot.domain.spending import by_policy
from bot.words import allowances, bulk, ends, list_ends, outcomes, pausing, subjects, tallies, terms
from bot.words.scene import Scene
from bot.words.states import EMOJI
from bot.words.text import date, listed, mention, quoted, safe, worth

#: a longer reason would push the state off a phone's screen; then the question in the thread shows all of it
REASON_SHOWN = 600


def spoken(case: Case) -> str:
    """Say the card in a sentence."""
    request, emoji = case.request, EMOJI[case.request.state]
    stands = f"is {outcomes.stands(case)}. {tallies.standing(case)}".strip()
    if request.planned is not None:
        return f"{emoji} {ends.spoken(case)} {stands}"
    told = f"{emoji} {mention(request.requester.id)} asks to {subjects.task(case)}"
    return f"{told} ({worth(request.offer)}), because {subjects.reason(case)}. It {stands}"


def facts(case: Case, scene: Scene) -> str:
    """Say what stands below the headline."""
    request = case.request
    if request.bulk:
        known = [f"{worth(request.offer)} each", *filter(None, (bulk.value(case), safe(request.file_name, 80)))]
    else:
        known = [worth(request.offer), safe(case.main.contact.address, 120) or subjects.customer(case)]
    limit = list_ends.limit(case) if request.bulk else "" if request.term is None else terms.brief(request.term)
    known += [limit] if limit else []
    if not request.bulk and case.main.ids:
        known.append(subjects.ids(case))
    known.append(ends.facts(request))
    known += filter(None, (scene.apart(case), request.id))
    if request.parent and request.planned is None:
        known.append(f"follows {safe(request.parent, 20)}")
    return " · ".join(known)


def standing(case: Case, scene: Scene) -> str:
    """Say how it stands, beginning with the state's own emoji."""
    request = case.request
    emoji = EMOJI[request.state]
    match request.state:
        case State.PREPARING:
            return _preparing(case, scene)
        case State.PENDING:
            until = f", until {date(request.deadline)}" if request.deadline is not None else ""
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
            return f"{emoji} *Cancelled*{ends.no_more(case)}. {outcomes.untouched(case)}"
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
    if scene.pause is not None and holds_up(case):
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

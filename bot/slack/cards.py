"""What does the channel see of a request? One card: what, for whom, worth how much, why, and how it stands now."""

from bot.domain.request import Case, Decision, State
from bot.slack import controls, outcomes, pausing, subjects
from bot.slack.content import Content, buttons, content
from bot.slack.subjects import EMOJI, Scene
from bot.slack.text import context, date, mention, plain, quoted, safe, section, worth

#: a longer reason would push the state off a phone's screen; the question in the thread shows all of it
REASON_SHOWN = 600


def card(case: Case, scene: Scene) -> Content:
    """Draw the card."""
    request = case.request
    return content(
        spoken(case),
        {"type": "header", "text": plain(subjects.headline(case), 150)},
        context(_facts(case, scene)),
        section(quoted(request.reason, REASON_SHOWN)) if request.reason.strip() else None,
        section(standing(case, scene)),
        buttons(controls.of_card(case)),
    )


def spoken(case: Case) -> str:
    """Say the card in a sentence."""
    request = case.request
    told = f"{EMOJI[request.state]} {mention(request.requester.id)} asks to {subjects.task(case)}"
    return f"{told} ({worth(request.offer)}), because {subjects.reason(case)}. It is {outcomes.stands(case)}."


def _facts(case: Case, scene: Scene) -> str:
    request = case.request
    facts = [worth(request.offer), safe(case.main.contact.address, 120) or subjects.customer(case)]
    facts += [f"asked by {mention(request.requester.id)} {date(request.created)}"]
    if len(scene.titles) > 1:
        facts.append(safe(scene.provider(case), 40))
    facts.append(request.id)
    if request.parent:
        facts.append(f"follows {safe(request.parent, 20)}")
    return " · ".join(facts)


def standing(case: Case, scene: Scene) -> str:
    """Say how it stands, beginning with the state's own emoji."""
    request = case.request
    emoji = EMOJI[request.state]
    match request.state:
        case State.PREPARING:
            return f"{emoji} *Being prepared*: reading from {safe(scene.provider(case), 40)}."
        case State.PENDING:
            until = f", until {date(request.expires)}" if request.expires is not None else ""
            return f"{emoji} *Waiting* for a decision, in the thread{until}."
        case State.APPROVED:
            return f"{emoji} *Approved*{_by(case.verdict)}. {_waits_for(case, scene)}".strip()
        case State.EXECUTING:
            return f"{emoji} *Under way*, approved{_by(case.verdict)}. {_waits_for(case, scene)}".strip()
        case State.DENIED:
            return f"{emoji} *Denied*{_by(case.verdict)}. {outcomes.untouched(case)}{_note(case.verdict)}"
        case State.EXPIRED:
            return f"{emoji} *Expired*: nobody decided in time. {outcomes.untouched(case)}"
        case State.CANCELLED:
            return f"{emoji} *Cancelled*. {outcomes.untouched(case)}"
        case _:
            return _ended(case, scene)


def _waits_for(case: Case, scene: Scene) -> str:
    if scene.pause is not None and pausing.holds_up(case):
        return f"\n{pausing.on_card(scene.pause)}"
    return outcomes.trouble(case, scene)


def _ended(case: Case, scene: Scene) -> str:
    approved = f"Approved{_by(case.verdict)}." if case.verdict is not None else ""
    left = "Left as it is." if case.request.left else ""
    return "\n".join(line for line in (outcomes.ended(case, scene), f"{approved} {left}".strip()) if line)


def _by(decision: Decision | None) -> str:
    return f" by {mention(decision.by.id)} {date(decision.at)}" if decision is not None else ""


def _note(decision: Decision | None) -> str:
    return f"\n{quoted(decision.note, REASON_SHOWN)}" if decision is not None and decision.note.strip() else ""

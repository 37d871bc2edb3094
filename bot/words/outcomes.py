"""How did it end, why, and what can be done about it, in plain words?"""

from collections.abc import Mapping

from bot.domain.attempt import UNSEEN
from bot.domain.request import Action, AuditEvent, Case, Change, ChangeState, State
from bot.domain.spending import prolongs
from bot.words import bulk, ends, refusals, subjects
from bot.words.scene import Scene
from bot.words.states import EMOJI, STATES
from bot.words.text import date, listed, mention, safe

#: what the executor notes about a change; {provider} and {detail} are filled in
REASONS: Mapping[str, str] = {
    "": "{provider} does not show it yet.",
    "AnswerLost": "{provider}’s answer was lost.",
    "ApprovalTooOld": "The approval had become too old.",
    "Broken": "Something in me went wrong; whoever runs me finds it in the log.",
    "Busy": "Another change for the same customer and offer is under way.",
    "InPart": "{provider} did only a part of it: {detail}.",
    "NoTurn": "There was no time for it: other calls came first.",
    "NotSeen": "It was sent, but {provider} does not show it.",
    "ProviderGone": "{provider} is no longer set up here.",
    "Rejected": "{provider} refused: {detail}.",
    "StandingUnknown": "Slack could not tell whether the approver may still decide.",
    "Unavailable": "{provider} could not be reached ({detail}).",
    "Unknown": "{provider} gave no clear answer ({detail}).",
}
#: codes after which another offer or another address is needed: the same again cannot work
POINTLESS = frozenset(
    {"OfferGone", "OfferElsewhere", "ContactNotFound", "NobodyByThis", "ContactAmbiguous", "ContactExists", "TermOver"}
)


def why(code: str, provider: str) -> str:
    """Put a stored code into words, mrkdwn; `provider` is its title."""
    head, _, detail = code.partition(": ")
    if head == "GaveUp":
        return f"I kept trying and then gave up. {why(detail, provider)}".strip()
    if head in REASONS and (detail or "{detail}" not in REASONS[head]):
        return _filled(REASONS[head], provider, detail)
    if detail and detail != head:
        return _filled(REASONS["Rejected"], provider, detail)
    return refusals.of_code(head, provider=provider)


def _filled(reason: str, provider: str, detail: str) -> str:
    return reason.format(provider=safe(provider, 40), detail=safe(detail, 300).rstrip("."))


def code_of(event: AuditEvent) -> str:
    """Put the code that an event holds and the words kept beside it together again."""
    code = str(event.data.get("code", ""))
    return f"{code}: {event.text}" if code and event.text else code


def stands(case: Case) -> str:
    """Continue “it is …”. What a person settled was not verified."""
    if case.request.bulk:
        return "done" if case.request.state is State.SUCCEEDED else STATES[case.request.state]
    if case.request.state is State.SUCCEEDED and case.main.verified is None:
        return "confirmed, which cannot be read back" if case.main.error == UNSEEN else "settled as done"
    if case.request.state is State.UNNEEDED and prolongs(case):
        return "extended" if case.request.term is not None else "kept for good"
    return STATES[case.request.state]


def untouched(case: Case) -> str:
    """Say that nothing was changed, where that is so.

    A contact may have been created before it was asked anew, and an attempt have done a part of it.
    """
    if case.request.planned is not None and case.request.state is State.DENIED:
        return f"{ends.kept(case)}."
    if not case.request.bulk and case.main.in_part:
        return f"What was done of it before stays: {safe(case.main.in_part, 200)}."
    made = case.creation
    return "Nothing was changed." if made is None or not _done(made) else "Only the contact was created, nothing else."


def _done(change: Change) -> bool:
    return change.state is ChangeState.SUCCEEDED


def cause(case: Case, scene: Scene) -> str:
    """Say why it failed or is unknown: the first trouble is the cause of those that follow from it."""
    troubled = [change for change in case.changes if change.state in {ChangeState.FAILED, ChangeState.UNKNOWN}]
    first = min(troubled, key=lambda change: change.action is not Action.CREATE, default=None)
    return why(first.error, scene.provider(case)) if first is not None else ""


def trouble(case: Case, scene: Scene) -> str:
    """Say what an open change waits for, if it waits for anything."""
    waiting = next((change for change in case.changes if change.state is ChangeState.TODO and change.error), None)
    if waiting is None:
        return ""
    again = f" Trying again from {date(waiting.due)} on." if waiting.due is not None else " Trying again."
    return why(waiting.error, scene.provider(case)) + again


def steps(case: Case, scene: Scene) -> list[str]:
    """Say of every change what became of it, where there is more than one."""
    return [f"{_STEP_EMOJI[change.state]} {_step(change, case, scene)}" for change in case.changes]


def _step(change: Change, case: Case, scene: Scene) -> str:
    creates = change.action is Action.CREATE
    who = subjects.customer(case)
    match change.state:
        case ChangeState.SUCCEEDED:
            seen = f", verified {date(change.verified)}" if change.verified is not None else ", as somebody says"
            seen = f", confirmed by {safe(scene.provider(case), 40)}" if change.error == UNSEEN else seen
            return (f"the contact {who} was created" if creates else subjects.achieved(case)) + seen
        case ChangeState.UNNEEDED:
            return f"the contact {who} existed already" if creates else subjects.already(case)
        case ChangeState.UNKNOWN:
            return f"{'creating the contact' if creates else 'whether it took effect'}: unknown"
        case ChangeState.FAILED:
            what = f"the contact {who} was not created" if creates else subjects.unachieved(case)
            return f"{what}. {why(change.error, scene.provider(case))}".strip()
        case ChangeState.CANCELLED:
            return f"{'creating the contact' if creates else subjects.task(case)}: cancelled, not sent"
        case _:
            return f"{'creating the contact' if creates else subjects.task(case)}: still to come"


_STEP_EMOJI: Mapping[ChangeState, str] = {
    ChangeState.TODO: "⏳",
    ChangeState.SUCCEEDED: "✅",
    ChangeState.FAILED: "❌",
    ChangeState.UNKNOWN: "❓",
    ChangeState.UNNEEDED: "👌",
    ChangeState.CANCELLED: "↩️",
}


def ended(case: Case, scene: Scene) -> str:
    """Tell the ending: what is true now, and how that is known."""
    if case.request.bulk:
        return bulk.ended(case)
    emoji = EMOJI[case.request.state]
    match case.request.state:
        case State.SUCCEEDED:
            return f"{emoji} {_succeeded(case, scene)}"
        case State.UNNEEDED:
            return ends.unneeded(case)
        case State.FAILED:
            return f"{emoji} {_failed(case, scene)}".strip()
        case State.PARTLY:
            return f"{emoji} *Done only in part*:\n" + "\n".join(steps(case, scene))
        case State.UNKNOWN:
            told = f"{emoji} *Unknown*: nobody can say yet whether this took effect. {cause(case, scene)}"
            return f"{told.strip()} I will not repeat it blindly."
        case _:
            return f"{emoji} It is {stands(case)}."


def spoken(ending: str, case: Case) -> str:
    """Say the ending so that it can stand alone."""
    return f"{ending} {case.request.id}, asked by {mention(case.request.requester.id)}."


def _succeeded(case: Case, scene: Scene) -> str:
    if case.main.verified is not None:
        after = f"{_created(case)}{ends.of_grant(case)}{ends.of_end(case)}"
        return f"*Done, verified {date(case.main.verified)}*: {subjects.achieved(case)}.{after}"
    if case.main.error == UNSEEN:
        how = f"*Confirmed by {safe(scene.provider(case), 40)}; cannot be read back*: {subjects.achieved(case)}."
    else:
        how = f"*Settled as done*: {subjects.achieved(case)}, as somebody who looked says."
    return f"{how}{ends.of_grant(case)}"


def _failed(case: Case, scene: Scene) -> str:
    if case.main.error == "SettledAsNotDone":
        return f"*Settled as not done*: {subjects.unachieved(case)}, as somebody who looked says."
    if case.main.error.startswith("InPart: "):
        return f"*Done only in part*: {subjects.unachieved(case)}. {cause(case, scene)}"
    if case.main.in_part:
        return f"*Failed*: {subjects.unachieved(case)}. {untouched(case)} {cause(case, scene)}"
    return f"*Failed*: {subjects.unachieved(case)}; nothing was changed. {cause(case, scene)}"


def _created(case: Case) -> str:
    made = case.creation
    if made is None or made.verified is None or made.state is not ChangeState.SUCCEEDED:
        return ""
    return f" The contact was created first, verified {date(made.verified)}."


def advice(case: Case, scene: Scene) -> str:
    """Say what to do next; empty when there is nothing to do."""
    provider = safe(scene.provider(case), 40)
    match case.request.state:
        case State.FAILED | State.PARTLY if case.request.left:
            return "It is left as it is. *Retry* still works."
        case State.FAILED if case.request.is_end:
            return ends.failed(case)
        case _ if case.request.bulk:
            return bulk.advice(case)
        case State.FAILED | State.PARTLY:
            return _after_failure(case, provider)
        case State.UNKNOWN:
            return (
                f"I look again by myself. *Look again* does so now; if you can see in {provider} how it is, "
                "an approver can *Settle* it."
            )
        case _:
            return ""


def _after_failure(case: Case, provider: str) -> str:
    codes = {change.error.partition(": ")[0] for change in case.changes if change.state is ChangeState.FAILED}
    if not codes:
        return "Ask again for what is missing, or *Leave it so*."
    if codes & POINTLESS:
        return "The same again will not work: ask anew, or *Leave it so*."
    if "GaveUp" in codes:
        return f"*Retry* once {provider} answers again, or *Leave it so*."
    return f"Have a look in {provider}; then *Retry*, or *Leave it so*."


def told(case: Case, scene: Scene) -> str:
    """Say who hears of a failure."""
    people = [mention(case.request.requester.id)]
    if scene.alerts is not None and scene.alerts != case.request.channel:
        people.append(mention(scene.alerts))
    return f"Told: {listed(people)}."

"""What happened, one sentence for each event: for a card’s thread, and wherever else it is told."""

from collections.abc import Callable, Mapping

from bot.domain.notices import is_overdue
from bot.domain.pause import holds_up
from bot.domain.request import AuditEvent, Case, Person, State
from bot.words import allowances, ends, outcomes, pausing, refusals, tallies
from bot.words.scene import Scene
from bot.words.states import EMOJI, STATES
from bot.words.subjects import counted
from bot.words.text import date, listed, mention, safe

GONE = "Who approved may not decide on this any more."
Words = Callable[[AuditEvent, Case, Scene], str]
#: the fields of the form, as one says them
ASKED: Mapping[str, str] = {
    "customer": "the customer",
    "name": "the new contact’s name",
    "offer": "the offer",
    "ids": "the ids",
    "days": "for how long",
    "welcome_email": "the welcome mail",
    "reason": "the reason",
}

#: why an approval is void, besides the world and who gave it
DRIFTS: Mapping[str, str] = {
    "ApprovalTooOld": "The approval has become too old.",
    "Bought": "The customer has bought this meanwhile, or is not who it was granted to, so it does not end by itself.",
    "GivenOtherwise": (
        "The customer holds more of this than I have given, or I never heard its ids: so it does not end by itself."
    ),
    "IdsNeeded": (
        "I do not know the ids of all that the customer holds of this, so it does not end by itself. *Edit* takes the "
        "ids; somebody else then approves."
    ),
    "NotAutomatic": "The rules do not approve this automatically any more.",
    "Overdrawn": "Meanwhile others were approved, and what is left of the quota or the budget is not enough.",
}
#: troubles that come only after the change was sent
SENT = frozenset({"", "AnswerLost", "NotSeen"})
#: the fields of an offer that an approver was shown, as one says them
FIELDS: Mapping[str, str] = {
    "title": "the offer’s title",
    "price": "the price",
    "currency": "the currency",
    "recurring": "how often it is paid",
}


def told(event: AuditEvent, case: Case, scene: Scene) -> str:
    """Say what happened; an event that has no words of its own is named, never hidden."""
    known = LINE_WORDS.get(event.name)
    return known(event, case, scene) if known is not None else f"{safe(event.name, 60)}, {date(event.at)}."


def is_current(event: AuditEvent, case: Case, scene: Scene) -> bool:
    """Whether an ending still stands; one that is told late, or again, may have been overtaken, also by its like."""
    return not scene.tried_again and event.name == f"request.{case.request.state.value}"


def overtaken(event: AuditEvent, case: Case) -> str:
    """Say which ending it was. How it stands by now would be out of date as soon."""
    was = State(event.name.removeprefix("request."))
    card = f"the card in {mention(case.request.channel)} says how it stands"
    state = STATES[was]
    return f"{EMOJI[was]} {state[0].upper()}{state[1:]} ({date(event.at)}). That has been overtaken: {card}."


def actor(event: AuditEvent) -> str:
    """Name who did it."""
    return mention(event.actor.id) if isinstance(event.actor, Person) else "I"


def _cancelled(event: AuditEvent, case: Case, _: Scene) -> str:
    if skipped := ends.given_up(event, case):
        return skipped
    if case.request.state is not State.CANCELLED:
        if case.request.bulk:
            return _list_cancelled(event)
        return f"↩️ {actor(event)} took back what was not sent yet. What was sent is being finished."
    if event.actor is None:
        return f"↩️ Cancelled. {outcomes.untouched(case)}"
    return f"↩️ {actor(event)} took it back. {outcomes.untouched(case)}"


def _list_cancelled(event: AuditEvent) -> str:
    """Say what a cancellation reached; what was sent is not known to be done yet."""
    dropped = counted(int(event.data.get("dropped", 0)))
    return (
        f"↩️ {actor(event)} took back what was not sent, for {dropped}. What was sent is being finished; the result "
        "says for how many it is so."
    )


def _drifted(event: AuditEvent, case: Case, _: Scene) -> str:
    rules = " The rules have changed since: the new ones say who decides now." if event.data.get("other_rules") else ""
    void = f"The earlier approval is void. {outcomes.untouched(case)}"
    return f"🔁 {drift(event, case)} {void} Please decide anew, below.{rules}"


def drift(event: AuditEvent, case: Case) -> str:
    """Say what is not any more as it was approved."""
    reason, changed = str(event.data.get("why", "")), event.data.get("changed") or ()
    if reason in DRIFTS:
        return DRIFTS[reason]
    if reason not in {"", "WorldChanged"}:
        return "Not all who approved may still decide on this." if tallies.takes_several(case) else GONE
    if changed:
        return f"Changed since it was approved: {listed(FIELDS.get(str(one), safe(str(one), 40)) for one in changed)}."
    return "What the customer has is no longer what was shown."


def _reminded(event: AuditEvent, case: Case, __: Scene) -> str:
    if is_overdue(event):
        return f"🚨 {ends.OVERDUE} Please decide."
    expires = case.request.deadline
    until = f" It expires {date(expires)}." if expires is not None else ""
    told = "Those who may decide are each reminded directly, of all that waits for them."
    return f"🔔 Still waiting for a decision, with the buttons above. {told}{until}"


def _escalated(_: AuditEvent, case: Case, __: Scene) -> str:
    named = listed((mention(str(one)) for one in case.request.preview.get("escalate_to", ())), "or")
    return f"📣 Nobody has decided for too long. {named} may decide as well now: please do, with the buttons above."


def _retried(event: AuditEvent, _: Case, __: Scene) -> str:
    if event.actor is None:
        return ends.AGAIN
    if event.data.get("was") == State.UNKNOWN.value:
        return f"🔎 {actor(event)} has me look again."
    return f"🔁 {actor(event)} has me try again. I look first whether it is still needed."


def _settled(event: AuditEvent, _: Case, __: Scene) -> str:
    done = "it *is done*" if event.data.get("done") else "it is *not done*"
    return f"🖊️ {actor(event)} looked and settled it: {done}."


def _postponed(event: AuditEvent, case: Case, scene: Scene) -> str:
    code, until = outcomes.code_of(event), event.data.get("until")
    next_time = f", next {date(float(until))}" if until is not None else ""
    again = "I look by myself whether it took effect" if code in SENT else "I try again by myself"
    return f"⏱️ {outcomes.why(code, scene.provider(case))} {again}{next_time}."


def _lost(event: AuditEvent, case: Case, scene: Scene) -> str:
    return f"❓ {outcomes.why(outcomes.code_of(event), scene.provider(case))} I go on looking."


def _approved(event: AuditEvent, case: Case, scene: Scene) -> str:
    before = [one for one in event.data.get("approvers", ()) if event.actor is None or one != event.actor.id]
    others = f", after {listed(map(mention, before))}" if before else ""
    by = f"{actor(event)} approved" if event.actor is not None else f"Approved {allowances.granted(event.data)}"
    if scene.pause is not None and holds_up(case):
        return f"👍 {by}{others}. {pausing.on_card(scene.pause)}"
    return f"👍 {by}{others}. I start now."


def _overtaken(event: AuditEvent, case: Case, _: Scene) -> str:
    void = f"so the approval by {actor(event)} does not count. {outcomes.untouched(case)}"
    return f"🔁 Others were approved meanwhile, and less is left of a budget than was shown, {void} I ask anew."


def _paused(event: AuditEvent, _: Case, __: Scene) -> str:
    return f"{pausing.EMOJI} {actor(event)} paused me. This goes on by itself after {pausing.RESUME}."


def _doubted(event: AuditEvent, _: Case, __: Scene) -> str:
    approvers = event.data.get("approvers", ())
    both = approvers or [event.data.get(one, "") for one in ("requester", "approver")]
    doubt = f"⚠️ The e-mail addresses of {listed(mention(str(one)) for one in both)} look like the same mailbox."
    fact = "one person has approved twice" if approvers else "nobody else approved this"
    return f"{doubt} If they are one person’s, {fact}."


def _edited(event: AuditEvent, _: Case, __: Scene) -> str:
    fields = listed(ASKED.get(str(one), safe(str(one), 40)) for one in event.data.get("fields", ()))
    void = " Earlier approvals are void." if event.data.get("void") else ""
    return f"✏️ {actor(event)} changed {fields}.{void} I look it up; the question comes anew."


def _returned(event: AuditEvent, case: Case, scene: Scene) -> str:
    problem = refusals.of_code(str(event.data.get("problem", "")), provider=scene.provider(case))
    when = "After this change" if case.request.editors else "Looked up anew,"
    return f"↩️ {when} it cannot be asked: {problem} It is closed. {outcomes.untouched(case)}"


def _stopped(event: AuditEvent, case: Case, scene: Scene) -> str:
    why = outcomes.why(str(event.data.get("code", "")), scene.provider(case))
    return f"🛑 I stopped: what was not sent is not sent any more. {why}"


LINE_WORDS: Mapping[str, Words] = {
    "request.edited": _edited,
    "request.returned": _returned,
    "approval.given": lambda event, _, __: f"👍 {actor(event)} approved. {tallies.told(event)}",
    "approval.lapsed": lambda event, _, __: (
        f"🔁 The approval of {mention(str(event.data.get('approver', '')))} counts no more: they may not decide on "
        f"this any more. {tallies.told(event)}"
    ),
    "approval.withdrawn": lambda event, _, __: f"↩️ {actor(event)} withdrew their approval. {tallies.told(event)}",
    "request.approved": _approved,
    "request.overtaken": _overtaken,
    "execution.paused": _paused,
    "execution.resumed": lambda event, _, __: (
        f"{pausing.GOING} {actor(event)} let me go on. This has its turn: what was approved earlier goes first."
    ),
    "request.denied": lambda event, case, _: f"⛔ {actor(event)} denied it. {outcomes.untouched(case)}",
    "request.doubted": _doubted,
    "request.drifted": _drifted,
    "request.reminded": _reminded,
    "request.escalated": _escalated,
    "request.expired": lambda _, case, __: (
        f"⌛ Nobody decided in time, so this is closed. {outcomes.untouched(case)} "
        f"{mention(case.request.requester.id)} can ask again."
    ),
    "request.cancelled": _cancelled,
    "request.halted": lambda event, _, __: (
        f"{pausing.EMOJI} {actor(event)} put this on hold. What is sent is still looked after; *Go on* sends the rest."
    ),
    "request.continued": lambda event, _, __: f"{pausing.GOING} {actor(event)} lets it go on.",
    "request.stopped": _stopped,
    "request.left": lambda event, case, __: ends.given_up(event, case) or f"👌 {actor(event)} leaves it as it is.",
    "request.planned": ends.planned,
    "request.announced": ends.announced,
    "request.held": ends.held,
    "request.retried": _retried,
    "request.settled": _settled,
    "change.postponed": _postponed,
    "change.lost": _lost,
}

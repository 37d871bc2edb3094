"""What are the people asked who may decide, and what is said once there is nothing to decide?"""

from collections.abc import Iterator

from bot.domain.preview import Preview
from bot.domain.request import Action, Case, Choice, Holding, State
from bot.words import ends, holdings, outcomes, subjects, tallies
from bot.words.scene import Scene
from bot.words.states import EMOJI
from bot.words.text import date, listed, mention, quoted, safe, worth

#: other requests named in one message, and effects
NAMED = 12
REVOKE_BOUGHT = "Revoke what was bought?"


def spoken(case: Case, *, waiting: bool) -> str:
    """Say the question in a sentence."""
    asks = f"{mention(case.request.requester.id)} asks to {subjects.task(case)} ({worth(case.request.offer)})"
    if case.request.planned is not None:
        said = "Please decide" if waiting else "No longer to be decided"
        return f"{said}: {ends.spoken(case)} is {outcomes.stands(case)}. {tallies.standing(case)}".strip()
    if waiting:
        return f"Please decide: {asks}, because {subjects.reason(case)}. {tallies.standing(case)}".strip()
    return f"No longer to be decided: {asks}. It is {outcomes.stands(case)}."


def called(case: Case, preview: Preview, *, direct: bool) -> str:
    """Call on those who may decide."""
    until = f" by {date(case.request.deadline)}" if case.request.deadline is not None else ""
    if direct:
        where = mention(case.request.channel)
        asks = "I ask" if case.request.planned is not None else f"{mention(case.request.requester.id)} asks"
        return f"👉 {asks} in {where}, where you are not. Please decide{until}."
    return f"👉 {tallies.approvers(case, preview)}: please decide{until}."


def question(case: Case) -> str:
    """Ask it."""
    request = case.request
    verb, towards = ("Grant", "to") if request.action is Action.GRANT else ("Revoke", "from")
    return f"*{verb} {subjects.offer(case)}* ({worth(request.offer)}) {towards} *{subjects.customer(case)}*?"


def for_whom(case: Case, preview: Preview, scene: Scene) -> Iterator[str]:
    """Name the customer, and say what comes first."""
    provider = safe(scene.provider(case), 40)
    yield f"*Customer:* {subjects.customer_in_full(case)}"
    if case.main.ids:
        yield f"*Revokes exactly:* {subjects.ids(case)}"
    if preview.creates_contact:
        yield f"*First step:* {provider} does not know this address; the contact is created under that name."


def besides(preview: Preview) -> Iterator[str]:
    """Say what else will or may happen, and what else is asked."""
    yield from (f"• {safe(effect, 300)}" for effect in preview.effects[:NAMED])
    if len(preview.effects) > NAMED:
        yield f"• {len(preview.effects) - NAMED} more effects"
    if preview.rivals:
        more = [f"{len(preview.rivals) - NAMED} more"] if len(preview.rivals) > NAMED else []
        named = listed([*(safe(rival, 20) for rival in preview.rivals[:NAMED]), *more])
        yield f"⚠️ *Also open* for the same customer and offer: {named}."


def rule(case: Case, preview: Preview, *, called: bool) -> str:
    """Say by which rule who decides, and who does not."""
    rule = safe(preview.rule, 60)
    chosen = f"chosen by {rule}" if called else f"{tallies.approvers(case, preview)} may decide, chosen by {rule}"
    own = f"{_asked(case)}, so somebody else decides"
    if called and preview.escalate_at is not None and preview.escalated is None:
        own += f" · escalated {date(preview.escalate_at)}"
    return f"{chosen} · {own} · {case.request.id}, version {case.request.version}"


def _asked(case: Case) -> str:
    """Say who had a hand in it: none of them decides."""
    editors = [mention(one.id) for one in case.request.editors]
    what = " for the grant" if case.request.planned is not None else ""
    asked = f"{mention(case.request.requester.id)} asked{what}"
    return f"{asked} and {listed(editors)} changed it" if editors else asked


def holds(case: Case, preview: Preview, *, most: int) -> list[str]:
    """Say what the customer holds now and then, at most so many things of each."""
    request = case.request
    now = holdings.all_of(preview.holdings, first=request.offer.id, most=most)
    then = holdings.afterwards(request.action, preview.holdings, request.offer, most=most)
    return [f"*Holds now:* {now}", f"*Then:* {then}"]


def bought(case: Case, paid: Holding, *, provider: str) -> str:
    """Warn before what was paid for is taken away; unescaped, for plain text."""
    go_on = f" They are still paying: a revoke does not stop payments in {provider}." if paid.paying else ""
    return f"{subjects.headline(case)}. The customer has bought this.{go_on}"


def became(case: Case) -> str:
    """Say what became of the version that was asked about."""
    decision = case.verdict
    if decision is not None:
        done = (EMOJI[State.APPROVED], "Approved") if decision.choice is Choice.APPROVE else ("⛔", "Denied")
        people = case.approvals if decision.choice is Choice.APPROVE else (decision,)
        said = f"{done[0]} *{done[1]}* by {listed(mention(one.by.id) for one in people)} {date(decision.at)}."
        return said + (f"\n{quoted(decision.note, 600)}" if decision.note.strip() else "")
    return f"{EMOJI[case.request.state]} Nothing to decide any more: it is {outcomes.stands(case)}."


def being_changed(case: Case) -> str:
    """Say why there is no preview: none is true of what is asked by now."""
    if case.request.state is State.PREPARING and case.request.note == "Overdrawn":
        return "🔁 Less is left of a budget than was shown. There is nothing to decide until it is asked anew, below."
    if case.request.state is State.PREPARING and case.request.editors:
        by = mention(case.request.editors[-1].id)
        return f"✏️ {by} changed what is asked. There is nothing to decide until the question comes anew, below."
    return f"{EMOJI[case.request.state]} Nothing to decide any more: it is {outcomes.stands(case)}."


def outdated(version: int) -> str:
    """Say that a newer question follows."""
    return f"🔁 This question (version {version}) is out of date: things have changed since. A newer one follows."


def spoken_of(says: str, case: Case, *, was: bool = False) -> str:
    """Say what the request is, or was, to do."""
    return f"{says} It {'was' if was else 'is'} to {subjects.task(case)}."

"""What are the people asked who may decide? One version of a request with its whole preview, and two buttons."""

from collections.abc import Iterable

from bot.domain.approvals import awaited
from bot.domain.preview import Preview
from bot.domain.request import Action, Case, Choice, Holding, State
from bot.slack import allowances, background, bulk, cards, controls, ends, holdings, outcomes, subjects, tallies
from bot.slack.content import Content, button, buttons, content
from bot.slack.room import fitted, left_by, quotation
from bot.slack.subjects import EMOJI, Scene
from bot.slack.text import Block, context, date, listed, mention, plain, quoted, safe, section, worth

#: other requests named in one message, and effects
NAMED = 12
#: characters for what an approval is for, where many questions stand together
ROOM = 6000


def ask(case: Case, scene: Scene, *, version: int, direct: bool) -> Content:
    """Ask about one version; when it can no longer be decided, say what became of it instead."""
    if version != case.request.version:
        return _outdated(case, version)
    if not case.request.preview:
        return _being_changed(case)
    preview = Preview.from_data(case.request.preview)
    waiting, reason = case.request.state is State.PENDING, case.request.reason.strip()
    above = [
        section(_called(case, preview, direct=direct) if waiting else _became(case)),
        section(progress) if (progress := tallies.standing(case)) else None,
    ]
    below = [
        *(quotation(reason) if direct or len(reason) > cards.REASON_SHOWN else []),
        context(_rule(case, preview, called=waiting and not direct)),
        buttons(_possible(case, scene), f"decide:{version}") if waiting else None,
    ]
    shown = foreseen(case, scene, room=left_by([*above, *below]))
    return content(_spoken(case, waiting=waiting), *above, *shown, *below)


def _possible(case: Case, scene: Scene) -> list[Block]:
    return [*decisions(case, scene), *_withdrawal(case), *controls.edit(case)]


def foreseen(case: Case, scene: Scene, *, room: int = ROOM) -> list[Block]:
    """Show what an approval is for: all that it signs, and as much of what is held and known as there is room for."""
    preview, request = Preview.from_data(case.request.preview), case.request

    def held(most: int) -> list[str]:
        then = holdings.afterwards(request.action, preview.holdings, request.offer, most=most)
        return [
            f"*Holds now:* {holdings.all_of(preview.holdings, first=request.offer.id, most=most)}",
            f"*Then:* {then}",
        ]

    if request.bulk:
        return fitted(
            room,
            before=[bulk.question(case), *_known(case), *bulk.found(case)],
            naming=lambda most: bulk.left_out(case, most=most),
            most=bulk.NAMED,
            after=bulk.elsewhere(case, scene),
            others=(),
        )
    return fitted(
        room,
        before=[_question(case), *_known(case), *_for_whom(case, preview, scene)],
        naming=held,
        most=holdings.NAMED,
        after=[*ends.foreseen(case), *_besides(preview)],
        others=background.lines(case),
    )


def _known(case: Case) -> list[str]:
    return [*background.dangers(case), *allowances.budgets(case), allowances.withheld(case)]


def _spoken(case: Case, *, waiting: bool) -> str:
    asks = f"{mention(case.request.requester.id)} asks to {subjects.task(case)} ({worth(case.request.offer)})"
    if waiting:
        return f"Please decide: {asks}, because {subjects.reason(case)}. {tallies.standing(case)}".strip()
    return f"No longer to be decided: {asks}. It is {outcomes.stands(case)}."


def _called(case: Case, preview: Preview, *, direct: bool) -> str:
    until = f" by {date(case.request.expires)}" if case.request.expires is not None else ""
    if direct:
        where = mention(case.request.channel)
        return f"👉 {mention(case.request.requester.id)} asks in {where}, where you are not. Please decide{until}."
    return f"👉 {approvers(case, preview)}: please decide{until}."


def approvers(case: Case, preview: Preview) -> str:
    """Name those who may decide; of those who wait for a decision, the ones who have not approved yet."""
    if case.request.state is State.PENDING:
        return tallies.called(awaited(case.request))
    added = (one for addition in preview.additions for one in addition)
    everybody = dict.fromkeys((*preview.approvers, *preview.one_from_each, *added))
    return tallies.called(one for one in everybody if one not in case.request.askers)


def _question(case: Case) -> str:
    request = case.request
    verb, towards = ("Grant", "to") if request.action is Action.GRANT else ("Revoke", "from")
    return f"*{verb} {subjects.offer(case)}* ({worth(request.offer)}) {towards} *{subjects.customer(case)}*?"


def _for_whom(case: Case, preview: Preview, scene: Scene) -> Iterable[str]:
    provider = safe(scene.provider(case), 40)
    yield f"*Customer:* {subjects.customer_in_full(case)}"
    if preview.creates_contact:
        yield f"*First step:* {provider} does not know this address; the contact is created under that name."


def _besides(preview: Preview) -> Iterable[str]:
    """Say what else will or may happen, and what else is asked."""
    yield from (f"• {safe(effect, 300)}" for effect in preview.effects[:NAMED])
    if len(preview.effects) > NAMED:
        yield f"• {len(preview.effects) - NAMED} more effects"
    if preview.rivals:
        more = [f"{len(preview.rivals) - NAMED} more"] if len(preview.rivals) > NAMED else []
        named = listed([*(safe(rival, 20) for rival in preview.rivals[:NAMED]), *more])
        yield f"⚠️ *Also open* for the same customer and offer: {named}."


def _rule(case: Case, preview: Preview, *, called: bool) -> str:
    rule = safe(preview.rule, 60)
    chosen = f"chosen by {rule}" if called else f"{approvers(case, preview)} may decide, chosen by {rule}"
    own = f"{_asked(case)}, so somebody else decides"
    if called and preview.escalate_at is not None and preview.escalated is None:
        own += f" · escalated {date(preview.escalate_at)}"
    return f"{chosen} · {own} · {case.request.id}, version {case.request.version}"


def _asked(case: Case) -> str:
    """Say who had a hand in it: none of them decides."""
    editors = [mention(one.id) for one in case.request.editors]
    asked = f"{mention(case.request.requester.id)} asked"
    return f"{asked} and {listed(editors)} changed it" if editors else asked


def decisions(case: Case, scene: Scene) -> list[Block]:
    """Return the two buttons; the row they stand in says for which version they count."""
    preview = Preview.from_data(case.request.preview)
    approve = button("Approve", "approve", case.request.id, primary=True)
    paid = _paid(case, preview)
    if paid is not None:
        approve["confirm"] = _confirmation(case, paid, scene)
    return [approve, button("Deny", "deny", case.request.id)]


def _withdrawal(case: Case) -> list[Block]:
    """Return the button for those who have approved, as long as others are needed; at the click only theirs counts."""
    return [button("Withdraw", "withdraw", case.request.id)] if case.approvals else []


def _paid(case: Case, preview: Preview) -> Holding | None:
    """Return what somebody would lose though they have paid for it."""
    if case.request.action is not Action.REVOKE:
        return None
    target = case.request.offer.id
    return next((one for one in preview.holdings if one.offer_id == target and one.purchases), None)


def _confirmation(case: Case, paid: Holding, scene: Scene) -> Block:
    go_on = f" They are still paying: a revoke does not stop payments in {scene.provider(case)}." if paid.paying else ""
    said = f"{subjects.headline(case)}. The customer has bought this.{go_on}"
    return {
        "title": plain("Revoke what was bought?", 100),
        "text": plain(said, 300),
        "confirm": plain("Approve", 30),
        "deny": plain("Back", 30),
        "style": "danger",
    }


def _became(case: Case) -> str:
    """Say what became of the version that was asked about."""
    decision = case.verdict
    if decision is not None:
        done = (EMOJI[State.APPROVED], "Approved") if decision.choice is Choice.APPROVE else ("⛔", "Denied")
        people = case.approvals if decision.choice is Choice.APPROVE else (decision,)
        said = f"{done[0]} *{done[1]}* by {listed(mention(one.by.id) for one in people)} {date(decision.at)}."
        return said + (f"\n{quoted(decision.note, 600)}" if decision.note.strip() else "")
    return f"{EMOJI[case.request.state]} Nothing to decide any more: it is {outcomes.stands(case)}."


def _being_changed(case: Case) -> Content:
    """Show no preview, for none is true of what is asked by now."""
    if case.request.state is State.PREPARING and case.request.note == "Overdrawn":
        says = "🔁 Less is left of a budget than was shown. There is nothing to decide until it is asked anew, below."
    elif case.request.state is State.PREPARING and case.request.editors:
        by = mention(case.request.editors[-1].id)
        says = f"✏️ {by} changed what is asked. There is nothing to decide until the question comes anew, below."
    else:
        says = f"{EMOJI[case.request.state]} Nothing to decide any more: it is {outcomes.stands(case)}."
    return content(f"{says} It is to {subjects.task(case)}.", section(f"{says}\n{case.request.id}"))


def _outdated(case: Case, version: int) -> Content:
    says = f"🔁 This question (version {version}) is out of date: things have changed since. A newer one follows."
    return content(f"{says} It was to {subjects.task(case)}.", section(f"{says}\n{case.request.id}"))

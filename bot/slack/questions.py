"""What are the people asked who may decide? One version of a request with its whole preview, and two buttons."""

from bot.domain.preview import Preview
from bot.domain.request import Action, Case, Holding, State
from bot.slack import controls
from bot.slack.blocks import Block, context, plain, section
from bot.slack.content import Content, button, buttons, content
from bot.slack.room import fitted, left_by, quotation
from bot.words import allowances, background, bulk, ends, holdings, labels, tallies
from bot.words import questions as words
from bot.words.cards import REASON_SHOWN
from bot.words.scene import Scene

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
        section(words.called(case, preview, direct=direct) if waiting else words.became(case)),
        section(progress) if (progress := tallies.standing(case)) else None,
    ]
    below = [
        *(quotation(reason) if direct or len(reason) > REASON_SHOWN else []),
        context(words.rule(case, preview, called=waiting and not direct)),
        buttons(_possible(case, scene), f"decide:{version}") if waiting else None,
    ]
    shown = foreseen(case, scene, room=left_by([*above, *below]))
    return content(words.spoken(case, waiting=waiting), *above, *shown, *below)


def _possible(case: Case, scene: Scene) -> list[Block]:
    return [*decisions(case, scene), *_withdrawal(case), *controls.edit(case)]


def foreseen(case: Case, scene: Scene, *, room: int = ROOM) -> list[Block]:
    """Show what an approval is for: all that it signs, and as much of what is held and known as there is room for."""
    preview, request = Preview.from_data(case.request.preview), case.request

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
        before=[words.question(case), *_known(case), *words.for_whom(case, preview, scene)],
        naming=lambda most: words.holds(case, preview, most=most),
        most=holdings.NAMED,
        after=[*ends.foreseen(case), *words.besides(preview)],
        others=background.lines(case),
    )


def _known(case: Case) -> list[str]:
    return [*background.dangers(case), *allowances.budgets(case), allowances.withheld(case)]


def decisions(case: Case, scene: Scene) -> list[Block]:
    """Return the two buttons; the row they stand in says for which version they count."""
    preview = Preview.from_data(case.request.preview)
    approve = button(labels.APPROVE, "approve", case.request.id, primary=True)
    paid = _paid(case, preview)
    if paid is not None:
        approve["confirm"] = _confirmation(case, paid, scene)
    return [approve, button(labels.DENY, "deny", case.request.id)]


def _withdrawal(case: Case) -> list[Block]:
    """Return the button for those who have approved, as long as others are needed; at the click only theirs counts."""
    return [button(labels.WITHDRAW, "withdraw", case.request.id)] if case.approvals else []


def _paid(case: Case, preview: Preview) -> Holding | None:
    """Return what somebody would lose though they have paid for it."""
    if case.request.action is not Action.REVOKE:
        return None
    target = case.request.offer.id
    return next((one for one in preview.holdings if one.offer_id == target and one.purchases), None)


def _confirmation(case: Case, paid: Holding, scene: Scene) -> Block:
    return {
        "title": plain(words.REVOKE_BOUGHT, 100),
        "text": plain(words.bought(case, paid, provider=scene.provider(case)), 300),
        "confirm": plain(labels.APPROVE, 30),
        "deny": plain(labels.BACK, 30),
        "style": "danger",
    }


def _being_changed(case: Case) -> Content:
    """Show no preview, for none is true of what is asked by now."""
    says = words.being_changed(case)
    return content(words.spoken_of(says, case), section(f"{says}\n{case.request.id}"))


def _outdated(case: Case, version: int) -> Content:
    says = words.outdated(version)
    return content(words.spoken_of(says, case, was=True), section(f"{says}\n{case.request.id}"))

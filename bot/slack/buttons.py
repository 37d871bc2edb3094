"""Buttons. A button carries a request's id; what may be done with it is decided at the click, on what is stored.

What a click does is on disk before Slack is answered. The card and the thread tell it; the person who clicked is told
only why not.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.domain import lifecycle
from bot.domain.draft import is_address
from bot.domain.errors import BadInput, OlderVersion, RequestNotFound
from bot.domain.request import Choice
from bot.slack import (
    answers,
    bulk_again,
    bulk_form,
    bulk_undo,
    controls,
    decisions,
    extending,
    forms,
    questions,
    screens,
    story,
)
from bot.slack.blocks import Block
from bot.slack.content import introduced
from bot.slack.visits import Click, Handler
from bot.words import replies

#: on a Home, where several requests stand, the row names its own as well: no two rows may have the same name
_DECIDE = re.compile(r"decide:(\d{1,9})(?::[\w-]{1,40})?")


async def approve(visit: Click) -> None:
    """Approve the version that stood beside the button."""
    try:
        await visit.desk.service.decide(visit.value, Choice.APPROVE, by=visit.by, shown=shown(visit))
    except OlderVersion as refusal:
        await show_anew(visit, refusal)


async def withdraw(visit: Click) -> None:
    """Take the approval of the one who presses it back."""
    try:
        await visit.desk.service.withdraw(visit.value, by=visit.by, shown=shown(visit))
    except OlderVersion as refusal:
        await show_anew(visit, refusal)


async def deny(visit: Click) -> None:
    """Ask why; what would be refused anyway is refused before anybody writes a reason."""
    desk = visit.desk
    case = await desk.service.case(visit.value)
    (await desk.authority.may_decide(case, visit.by, approving=False)).demand()
    try:
        lifecycle.decide(case, Choice.DENY, by=visit.by, shown=shown(visit), now=desk.clock())
    except OlderVersion as refusal:
        await show_anew(visit, refusal)
        return
    await opened(visit, decisions.draw_denial(case, shown=case.request.version))


async def edit(visit: Click) -> None:
    """Open the form filled with what is asked."""
    draft = await visit.desk.service.to_edit(visit.value, by=visit.by)
    visit.later(screens.show(visit, screens.form_of(visit.desk, draft)))


async def cancel(visit: Click) -> None:
    await visit.desk.service.cancel(visit.value, by=visit.by)


async def hold(visit: Click) -> None:
    """Put a list on hold."""
    await visit.desk.service.hold_bulk(visit.value, by=visit.by)


async def go_on(visit: Click) -> None:
    await visit.desk.service.resume_bulk(visit.value, by=visit.by)


async def retry(visit: Click) -> None:
    await visit.desk.service.retry(visit.value, by=visit.by)


async def settle(visit: Click) -> None:
    """Ask somebody who looked how it really ended."""
    desk = visit.desk
    case = await desk.service.case(visit.value)
    (await desk.authority.may_decide(case, visit.by, approving=False)).demand()
    lifecycle.settle(case, done=True, by=visit.by, now=desk.clock())
    provider = desk.title(case.request.provider)
    await opened(visit, decisions.draw_settlement(case, provider=provider))


async def undo(visit: Click) -> None:
    """Open the form that takes back what was done."""
    case = await visit.desk.service.case(visit.value)
    if case.request.bulk:
        (await visit.desk.authority.may_request(visit.by)).demand()
        await opened(visit, bulk_undo.draw(case, reads_files=visit.desk.scene.reads_files))
        return
    draft = await visit.desk.service.undo(visit.value, by=visit.by)
    visit.later(screens.show(visit, screens.form_of(visit.desk, draft)))


async def extend(visit: Click) -> None:
    """Open the short form that asks for a later end."""
    case = await visit.desk.service.to_extend(visit.value, by=visit.by, channel=visit.channel)
    await opened(visit, extending.draw(case))


async def end_now(visit: Click) -> None:
    """Open the form that revokes now what would end by itself later."""
    draft = await visit.desk.service.end_now(visit.value, by=visit.by, channel=visit.channel)
    visit.later(screens.show(visit, screens.form_of(visit.desk, draft)))


async def correct(visit: Click) -> None:
    """Open the form as it was; with the contact to be created only where that was the button."""
    case = await visit.desk.service.to_ask_again(visit.value, by=visit.by)
    if case.request.bulk:
        await opened(visit, bulk_again.draw(case))
        return
    draft = await visit.desk.service.correct(visit.value, by=visit.by)
    creates = draft.creates_contact and visit.action.get("block_id") == controls.CREATE_ROW
    draft = replace(draft, creates_contact=creates)
    visit.later(screens.show(visit, screens.form_of(visit.desk, draft)))


async def details(visit: Click) -> None:
    """Tell the whole story, privately."""
    told = await visit.desk.lookups.why(visit.value, by=visit.by, channel=visit.channel)
    visit.later(visit.answer(story.told(told, visit.desk.scene)))


async def more(visit: Click) -> None:
    """Show the next rows of a list."""
    visit.later(_next_rows(visit))


async def _next_rows(visit: Click) -> None:
    await visit.answer(await answers.next_rows(visit.desk, visit.value, by=visit.by))


async def field_changed(visit: Click) -> None:
    """Foresee anew what the form would do."""
    form = screens.form_in(visit)
    visit.later(screens.follow(visit, form))


async def customer_typed(visit: Click) -> None:
    """Foresee anew as soon as the address is one."""
    form = screens.form_in(visit)
    try:
        complete = is_address(forms.customer(form.draft.address))
    except BadInput:
        complete = False
    if complete:
        visit.later(screens.follow(visit, form, typing=True))


async def ids_typed(visit: Click) -> None:
    """Foresee anew whether these are the ids that are needed."""
    visit.later(screens.follow(visit, screens.form_in(visit), typing=True))


async def provider_changed(visit: Click) -> None:
    """Show the form for another provider."""
    if visit.view["callback_id"] == bulk_form.CALLBACK:
        visit.later(bulk_form.provider_changed(visit))
        return
    form = screens.form_in(visit)
    visit.later(screens.change(visit, replace(form, draft=replace(form.draft, offer=None))))


async def switch(visit: Click) -> None:
    """Turn a grant into a revoke, or the other way round."""
    form = screens.form_in(visit)
    visit.later(screens.change(visit, form.switched()))


async def unknown(visit: Click) -> None:
    """Answer a button that this release does not have."""
    await visit.say(replies.UNKNOWN_BUTTON)


def shown(visit: Click) -> int:
    """Return the version that stood beside the button: its row says it."""
    row = _DECIDE.fullmatch(str(visit.action.get("block_id", "")))
    if row is None:
        raise RequestNotFound(visit.value)
    return int(row[1])


async def show_anew(visit: Click, refusal: OlderVersion) -> None:
    """Say that things have changed, and show this person alone how they stand now, with the buttons."""
    if visit.at_home:  # it is drawn anew, and shows just that
        raise refusal
    case = await visit.desk.service.case(visit.value)
    current = questions.ask(case, visit.desk.scene, version=case.request.version, direct=False)
    visit.later(visit.answer(introduced(visit.desk.sentence(refusal), current)))


async def opened(visit: Click, view: Block) -> None:
    """Open a small form; Slack is answered meanwhile."""
    visit.later(_open(visit, view))


async def _open(visit: Click, view: Block) -> None:
    await visit.client.views_open(trigger_id=visit.body["trigger_id"], view=view)


BUTTONS: Mapping[str, Handler[Click]] = {
    "approve": approve,
    "deny": deny,
    "withdraw": withdraw,
    "edit": edit,
    "cancel": cancel,
    "hold": hold,
    "go_on": go_on,
    "retry": retry,
    "settle": settle,
    "undo": undo,
    "extend": extend,
    "end_now": end_now,
    "correct": correct,
    "details": details,
    "more": more,
    "switch": switch,
    "provider": provider_changed,
    "customer": customer_typed,
    "offer": field_changed,
    "ids": ids_typed,
}

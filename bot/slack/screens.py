"""How does a form get onto a screen, and its preview into it, without losing what is being typed?

Opening costs nothing but Slack's call. Then the provider is asked, and the form is drawn again with what it said. What
a person changes meanwhile starts a newer drawing; an older one that arrives late is dropped.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.domain.draft import Draft, is_address
from bot.domain.errors import BadInput, OfferdeskError
from bot.domain.request import Offer
from bot.slack import forms
from bot.slack.blocks import Block
from bot.slack.desk import Desk
from bot.slack.forms import Form
from bot.slack.visits import Visit


def form_of(desk: Desk, draft: Draft, *, channel: str = "", switchable: bool = False) -> Form:
    """Build the form for a draft. A channel is asked for only where neither a setting nor the place gives one."""
    channel, fixed = draft.channel or channel, desk.approvals_channel is not None
    return Form(
        draft=replace(draft, channel=channel),
        providers=desk.scene.titles,
        silent=desk.scene.silent,
        ids=desk.scene.ids,
        asks_channel=not fixed and (draft.asks_channel or not channel),
        switchable=switchable,
        remarks=tuple(desk.sentence(remark, provider=draft.provider) for remark in draft.remarks),
    )


def form_in(visit: Visit) -> Form:
    """Read the form that something was done in, as it stands on the screen."""
    scene = visit.desk.scene
    return forms.read(visit.view, providers=scene.titles, silent=scene.silent, ids=scene.ids)


async def show(visit: Visit, form: Form) -> None:
    """Open the form for somebody who may ask, and fill its preview in."""
    await visit.desk.authority.may_ask(visit.by)
    form = replace(form, pause=await visit.desk.lookups.paused())
    opened = await visit.client.views_open(trigger_id=visit.body["trigger_id"], view=forms.draw(form))
    await _foresee(visit, form, opened["view"])


async def change(visit: Visit, form: Form) -> None:
    """Show another form in this one's place, with what was typed, whatever of the old one is still being drawn."""
    view_id = visit.view["id"]
    visit.desk.screens.begin(view_id)
    offer, pause = await known_offer(visit.desk, form.draft), await visit.desk.lookups.paused()
    drawn = replace(form, draft=replace(form.draft, offer=offer), pause=pause)
    changed = await visit.client.views_update(view_id=view_id, view=forms.draw(drawn))
    await _foresee(visit, form, changed["view"])


async def follow(visit: Visit, form: Form, *, typing: bool = False) -> None:
    """Foresee anew what the form would do; `typing`: wait for a moment of quiet first."""
    await _foresee(visit, form, visit.view, typing=typing)


async def _foresee(visit: Visit, form: Form, shown: Mapping[str, Any], *, typing: bool = False) -> None:
    desk, view_id = visit.desk, shown["id"]
    turn = desk.screens.begin(view_id)
    if typing:
        await asyncio.sleep(desk.screens.quiet)
    draft = _readable(form.draft)
    if not is_address(draft.address) or not desk.screens.newest(view_id, turn):
        return
    await desk.authority.may_look(visit.by)
    draft = replace(draft, offer=await known_offer(desk, draft))
    foreseen = await desk.lookups.foresee(draft)
    pause = await desk.lookups.paused()
    view = forms.draw(replace(form, draft=replace(form.draft, offer=draft.offer), pause=pause), foreseen)
    if desk.screens.newest(view_id, turn):
        await _update(visit, view, shown, turn=turn)


async def _update(visit: Visit, view: Block, shown: Mapping[str, Any], *, turn: int) -> None:
    """Draw it. Where the form was drawn anew since, only if nothing newer than this drawing was begun."""
    view_id, screens = shown["id"], visit.desk.screens
    try:
        await visit.client.views_update(view_id=view_id, hash=shown.get("hash"), view=view)
    except SlackApiError as error:
        code = error.response.get("error")
        if code == "hash_conflict" and shown.get("hash") and screens.newest(view_id, turn):
            await _update(visit, view, {"id": view_id}, turn=turn)
        elif code not in {"hash_conflict", "not_found", "view_not_found"}:  # closed or sent meanwhile: nobody looks
            raise


async def known_offer(desk: Desk, draft: Draft) -> Offer | None:
    """Fill in the offer that was chosen by its id."""
    if draft.offer is None or draft.offer.provider != draft.provider:
        return None
    if draft.offer.title:
        return draft.offer
    try:
        known = await desk.lookups.match(draft.provider, draft.offer.key)
    except OfferdeskError:
        return None
    return known if known.id == draft.offer.id else None


def _readable(draft: Draft) -> Draft:
    try:
        return replace(draft, address=forms.customer(draft.address))
    except BadInput:
        return replace(draft, address="")

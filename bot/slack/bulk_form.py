"""The form for many customers at once: a file or a pasted list, and what is to be done for all of them.

Its fields are named as those of the form for one customer, so that what was typed stays when it is drawn again.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.domain import roster as rosters
from bot.domain.bulk import BulkSubmission
from bot.domain.draft import Draft
from bot.domain.errors import (
    BadInput,
    FilesNotReadable,
    FormOutdated,
    ListMissing,
    ListTwice,
    ListUseless,
    OfferForeign,
)
from bot.domain.request import Action, Case, ChangeState
from bot.domain.roster import Roster
from bot.domain.sheet import SIZE
from bot.slack import bulk, files, forms, replies, subjects
from bot.slack.content import Content, content
from bot.slack.forms import Form, field, state_of
from bot.slack.subjects import Scene, counted
from bot.slack.text import Block, context, listed, plain, safe, section, stacked
from bot.slack.visits import Click, Sent, Visit, notice

CALLBACK, UNDO = "bulk", "undo_bulk"
TITLES: Mapping[Action, str] = {Action.GRANT: "Grant it", Action.REVOKE: "Revoke it"}
#: what a list may be called; Slack shows other files, but lets nobody choose them
FILE_TYPES = ("csv", "txt", "tsv")
#: rows that are told at once; all of them stand in the file in the thread
TOLD = 20
EXAMPLE = "jane@example.com\nlinus@example.com"


@dataclass(frozen=True, slots=True)
class Asked:
    """A form as it was sent."""

    form: Form
    pasted: str
    file: Mapping[str, Any] | None


async def show(visit: Visit, form: Form) -> None:
    """Open the form for somebody who may ask."""
    await visit.desk.authority.may_ask(visit.by)
    form = replace(form, pause=await visit.desk.lookups.paused())
    view = draw(form, reads_files=visit.desk.scene.reads_files)
    await visit.client.views_open(trigger_id=visit.body["trigger_id"], view=view)


def draw(form: Form, *, reads_files: bool) -> Block:
    """Draw it whole, with what is known so far."""
    title = form.providers.get(form.draft.provider, form.draft.provider)
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain("Many customers at once", 24),
        "submit": plain("Send", 24),
        "close": plain("Close", 24),
        "private_metadata": forms.carry(form),
        "blocks": [
            *forms.remark_blocks(form.remarks),
            *forms.provider_field(form),
            *forms.channel_field(form),
            *_file(reads_files=reads_files),
            _customers(form.draft.address, reads_files=reads_files),
            _action(form.draft.action),
            forms.offer_field(form.draft, placeholder="Type to search", dispatches=False),
            *(() if form.draft.provider in form.silent else _welcome_email(form.draft, title)),
            forms.reason_field(form.draft),
            *forms.pause_blocks(form.pause),
        ],
    }


def read(view: Mapping[str, Any], *, providers: Mapping[str, str], silent: frozenset[str] = frozenset()) -> Asked:
    """Read it as it stands on the screen."""
    state = state_of(view)
    chosen = (state.get("action", {}).get("selected_option") or {}).get("value")
    if chosen not in {one.value for one in TITLES}:
        raise FormOutdated
    form = forms.read(view, providers=providers, silent=silent, action=Action(chosen))
    held = state.get("file", {}).get("files") or [None]
    return Asked(form, form.draft.address.strip(), held[0])


async def provider_changed(visit: Click) -> None:
    """Draw it for another provider, whose offers are others."""
    scene = visit.desk.scene
    form = read(visit.view, providers=scene.titles, silent=scene.silent).form
    form = replace(form, draft=replace(form.draft, offer=None), pause=await visit.desk.lookups.paused())
    await visit.client.views_update(view_id=visit.view["id"], view=draw(form, reads_files=scene.reads_files))


async def send(visit: Sent) -> None:
    """Store the request with its whole list; its rows are looked up in the background, one after the other."""
    desk = visit.desk
    asked = read(visit.view, providers=desk.scene.titles)
    try:
        await desk.authority.may_ask(visit.by)
        roster = await _roster(visit, asked)
        case = await desk.service.submit_bulk(_submission(visit, asked, roster))
    except BadInput as error:
        if error.field != "file" or asked.file is not None:
            raise
        await visit.show({"customer": replies.as_plain(desk.sentence(error))})
        return
    told = _unusable(roster, case, desk.scene)
    await (visit.ack() if told is None else visit.ack(response_action="update", view=notice(told)))


def _unusable(roster: Roster, case: Case, scene: Scene) -> Content | None:
    """Say at once what of the list cannot be used, and why; None where all of it can."""
    reasons = any(row.reason for row in roster.rows)
    if not (roster.bad or roster.merged or roster.unread or reasons):
        return None
    asked = f"*{case.request.id} is asked* for {case.request.size:,} of the list. I look them up; then it is decided."
    lines = [f"• Row {one.line}, “{safe(one.text, 60)}”: {safe(one.why, 200)}" for one in roster.bad[:TOLD]]
    if len(roster.bad) > TOLD:
        lines.append(f"… and {len(roster.bad) - TOLD:,} more. {bulk.everything(case, scene)}")
    rows_are = "1 row is" if len(roster.bad) == 1 else f"{len(roster.bad):,} rows are"
    again = sum(len(one.again) for one in roster.merged)
    rest = [
        f"Left out as repetitions: {again:,}." if again else "",
        f"Columns not read: {listed(safe(one, 40) for one in roster.unread[:TOLD])}." if roster.unread else "",
        "The reason is the form’s for all of them, not the list’s own." if reasons else "",
    ]
    return content(
        asked,
        section(asked),
        section(f"*{rows_are} left out*, for I cannot use them:") if roster.bad else None,
        *stacked(lines),
        context(" ".join(filter(None, rest))) if any(rest) else None,
    )


async def _roster(visit: Sent, asked: Asked) -> Roster:
    """Read the list, beside everything else that happens: ten thousand rows take a moment."""
    if asked.file is not None and asked.pasted:
        raise ListTwice
    if asked.file is None and not asked.pasted:
        raise ListMissing
    scene = visit.desk.scene
    kinds = scene.addresses.get(asked.form.draft.provider, rosters.EMAILS)
    if asked.file is None:
        reading = partial(rosters.read_text, asked.pasted, kinds=kinds)
    else:
        if not scene.reads_files:
            raise FilesNotReadable
        reading = partial(rosters.read_file, await files.read(visit.client, asked.file, limit=SIZE), kinds=kinds)
    roster = await asyncio.to_thread(reading)
    if not roster.rows:
        first = roster.bad[0]
        raise ListUseless(first.line, first.text, first.why)
    return roster


def _submission(visit: Sent, asked: Asked, roster: Roster) -> BulkSubmission:
    draft = asked.form.draft
    offer = draft.offer if draft.offer is not None and draft.offer.key != replies.SAID else None
    if offer is not None and offer.provider != draft.provider:
        raise OfferForeign
    return BulkSubmission(
        action=draft.action,
        provider=draft.provider,
        requester=visit.by,
        channel=visit.desk.approvals_channel or forms.place_of(draft),
        asked_in=forms.place_of(draft),
        offer_id=offer.id if offer is not None else "",
        reason=draft.reason,
        key=str(visit.view.get("root_view_id") or visit.view["id"]),
        rows=roster.rows,
        bad=roster.bad,
        repeated=sum(len(one.again) for one in roster.merged),
        file_name=str((asked.file or {}).get("name") or ""),
        welcome_email=draft.welcome_email and draft.action is Action.GRANT,
    )


# --- undoing it ------------------------------------------------------------------------------------------------------


def draw_undo(case: Case) -> Block:
    """Ask why everything is to be taken back that a request brought about."""
    done = counted(case.counts[ChangeState.SUCCEEDED])
    undone = "revoked from" if case.request.action is Action.GRANT else "granted to"
    told = (
        f"*{subjects.offer(case)}* is {undone} *{done}*, those for whom {case.request.id} has changed something and "
        "nobody else. It is a request of its own, which somebody else decides."
    )
    return {
        "type": "modal",
        "callback_id": UNDO,
        "title": plain(f"Undo {case.request.id}", 24),
        "submit": plain("Send", 24),
        "close": plain("Close", 24),
        "private_metadata": json.dumps({"request": case.request.id}),
        "blocks": [section(told), field("reason", "Reason", {"type": "plain_text_input", "multiline": True})],
    }


async def undo(visit: Sent) -> None:
    """Ask for it."""
    request_id = forms.carried(visit.view, request=str)["request"]
    reason = str(state_of(visit.view).get("reason", {}).get("value") or "")
    key = str(visit.view.get("root_view_id") or visit.view["id"])
    await visit.desk.service.undo_bulk(request_id, by=visit.by, reason=reason, key=key)
    await visit.ack()


# --- the fields ------------------------------------------------------------------------------------------------------


def _file(*, reads_files: bool) -> list[Block]:
    if not reads_files:
        return [context("To upload a file as well, have whoever installed me grant the scope `files:read`.")]
    element: Block = {"type": "file_input", "filetypes": list(FILE_TYPES), "max_files": 1}
    hint = plain(f"CSV, up to {rosters.ROWS:,} customers, one in each row.", 2000)
    return [field("file", "List of customers", element, optional=True, hint=hint)]


def _customers(pasted: str, *, reads_files: bool) -> Block:
    element: Block = {"type": "plain_text_input", "multiline": True, "placeholder": plain(EXAMPLE, 150)}
    label = "Or paste the customers" if reads_files else "Paste the customers"
    hint = plain(f"What fits into {forms.VALUE_LIMIT:,} characters: about 100.", 2000)
    return field("customer", label, element | forms.initial(pasted), optional=reads_files, hint=hint)


def _action(action: Action) -> Block:
    options = {one: {"text": plain(title, 75), "value": one.value} for one, title in TITLES.items()}
    element = {"type": "radio_buttons", "options": list(options.values()), "initial_option": options[action]}
    return field("action", "What is to be done for each of them", element)


def _welcome_email(draft: Draft, title: str) -> list[Block]:
    return forms.welcome_field(replace(draft, action=Action.GRANT), title)

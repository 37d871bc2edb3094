"""The form for many customers at once: a file or a pasted list, and what is to be done for all of them.

Its fields are named as those of the form for one customer, so that what was typed stays when it is drawn again.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.domain import mixed
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
from bot.domain.request import Action
from bot.domain.roster import Roster
from bot.domain.sheet import SIZE
from bot.slack import files, forms, list_parts, terms
from bot.slack.blocks import SAID, Block, context, plain
from bot.slack.forms import Form, field, state_of
from bot.slack.visits import Click, Sent, Visit, notice
from bot.words import bulk_form as words
from bot.words import labels
from bot.words.forms import OFFER_SEARCH
from bot.words.text import as_plain

CALLBACK = "bulk"
#: what a list may be called; Slack shows other files, but lets nobody choose them
FILE_TYPES = ("csv", "txt", "tsv")


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
        "title": plain(words.TITLE, 24),
        "submit": plain(labels.SEND, 24),
        "close": plain(labels.CLOSE, 24),
        "private_metadata": forms.carry(form),
        "blocks": [
            *forms.remark_blocks(form.remarks),
            *forms.provider_field(form),
            *forms.channel_field(form),
            *file_field(reads_files=reads_files, hint=words.file_hint(rosters.ROWS)),
            customers_field(form.draft.address, reads_files=reads_files),
            _action(form.draft.action),
            _offer(form.draft),
            *terms.fields(form.draft.term, empty=words.FOR_GOOD),
            *(() if form.draft.provider in form.silent else _welcome_email(form.draft, title)),
            forms.reason_field(form.draft),
            *forms.pause_blocks(form.pause),
        ],
    }


def read(view: Mapping[str, Any], *, providers: Mapping[str, str], silent: frozenset[str] = frozenset()) -> Asked:
    """Read it as it stands on the screen."""
    state = state_of(view)
    chosen = (state.get("action", {}).get("selected_option") or {}).get("value")
    if chosen not in {one.value for one in words.ACTIONS}:
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
    """Store what is asked with its whole list; the rows are looked up in the background, one after the other."""
    desk = visit.desk
    asked = read(visit.view, providers=desk.scene.titles)
    try:
        await desk.authority.may_ask(visit.by)
        roster = await roster_of(visit, asked.pasted, asked.file, provider=asked.form.draft.provider)
        submission = await list_parts.named(desk, _submission(visit, asked, roster))
        stored, refused = await desk.service.submit_lists(mixed.parted(submission))
    except BadInput as error:
        await refuse_list(visit, error, asked.file)
        return
    cases = [await desk.service.case(one.request.id) for one in stored]
    told = list_parts.told(desk, submission, roster, cases, refused)
    await (visit.ack() if told is None else visit.ack(response_action="update", view=notice(told)))


async def refuse_list(visit: Sent, error: BadInput, file: Mapping[str, Any] | None) -> None:
    """Say what is wrong with a list where it was given: it may have been pasted."""
    if error.field != "file" or file is not None:
        raise error
    await visit.show({"customer": as_plain(visit.desk.sentence(error))})


async def roster_of(visit: Sent, pasted: str, file: Mapping[str, Any] | None, *, provider: str) -> Roster:
    """Read the list, beside everything else that happens: ten thousand rows take a moment."""
    if file is not None and pasted:
        raise ListTwice
    if file is None and not pasted:
        raise ListMissing
    scene = visit.desk.scene
    kinds = scene.addresses.get(provider, rosters.EMAILS)
    if file is None:
        reading = partial(rosters.read_text, pasted, kinds=kinds)
    else:
        if not scene.reads_files:
            raise FilesNotReadable
        reading = partial(rosters.read_file, await files.read(visit.client, file, limit=SIZE), kinds=kinds)
    roster = await asyncio.to_thread(reading)
    if not roster.rows:
        first = roster.bad[0]
        raise ListUseless(first.line, first.text, first.why)
    return roster


def _submission(visit: Sent, asked: Asked, roster: Roster) -> BulkSubmission:
    draft = asked.form.draft
    offer = draft.offer if draft.offer is not None and draft.offer.key != SAID else None
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
        welcome_email=draft.welcome_email,
        term=terms.typed(state_of(visit.view)),
    )


# --- the fields ------------------------------------------------------------------------------------------------------


def file_field(*, reads_files: bool, hint: str) -> list[Block]:
    if not reads_files:
        return [context(words.NO_FILES)]
    element: Block = {"type": "file_input", "filetypes": list(FILE_TYPES), "max_files": 1}
    return [field("file", words.FILE, element, optional=True, hint=plain(hint, 2000))]


def customers_field(pasted: str, *, reads_files: bool, optional: bool = False) -> Block:
    element: Block = {"type": "plain_text_input", "multiline": True, "placeholder": plain(words.EXAMPLE, 150)}
    label = words.OR_PASTE if reads_files else words.PASTE
    hint = plain(words.paste_hint(forms.VALUE_LIMIT), 2000)
    optional = optional or reads_files
    return field("customer", label, element | forms.initial(pasted), optional=optional, hint=hint)


def _offer(draft: Draft) -> Block:
    hint = plain(words.OFFER_HINT, 2000)
    drawn = forms.offer_field(draft, placeholder=OFFER_SEARCH[Action.GRANT], dispatches=False)
    return drawn | {"optional": True, "hint": hint}


def _action(action: Action) -> Block:
    options = {one: {"text": plain(title, 75), "value": one.value} for one, title in words.ACTIONS.items()}
    element = {"type": "radio_buttons", "options": list(options.values()), "initial_option": options[action]}
    return field("action", words.ACTION, element)


def _welcome_email(draft: Draft, title: str) -> list[Block]:
    return forms.welcome_field(replace(draft, action=Action.GRANT), title)

"""The form that takes back what a list has brought about: for everybody, or for those who are named."""

import json
from collections.abc import Mapping
from typing import Any

from bot.domain.errors import BadInput, FormOutdated
from bot.domain.request import Case
from bot.slack import bulk_form, forms, list_parts
from bot.slack.blocks import Block, plain, section
from bot.slack.forms import field, state_of
from bot.slack.visits import Sent, notice
from bot.words import bulk_form as words
from bot.words import labels
from bot.words.forms import REASON

CALLBACK = "undo_bulk"


def draw(case: Case, *, reads_files: bool) -> Block:
    """Ask for whom, and why."""
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(words.undo(case.request.id), 24),
        "submit": plain(labels.SEND, 24),
        "close": plain(labels.CLOSE, 24),
        "private_metadata": json.dumps({"request": case.request.id}),
        "blocks": [
            section(words.undo_list(case)),
            *bulk_form.file_field(reads_files=reads_files, hint=words.UNDO_HINT),
            bulk_form.customers_field("", reads_files=reads_files, optional=True),
            field("reason", REASON, {"type": "plain_text_input", "multiline": True}),
        ],
    }


async def send(visit: Sent) -> None:
    """Ask for it; of those who are named, who got nothing by the list is told."""
    desk, state = visit.desk, state_of(visit.view)
    request_id = forms.carried(visit.view, request=str)["request"]
    pasted = str(state.get("customer", {}).get("value") or "").strip()
    file: Mapping[str, Any] | None = (state.get("file", {}).get("files") or [None])[0]
    case, chosen = await desk.service.case(request_id), None
    if not case.request.bulk:
        raise FormOutdated
    if pasted or file is not None:
        try:
            chosen = await bulk_form.roster_of(visit, pasted, file, provider=case.request.provider)
        except BadInput as error:
            await bulk_form.refuse_list(visit, error, file)
            return
    undo = await desk.service.undo_bulk(
        request_id,
        by=visit.by,
        reason=str(state.get("reason", {}).get("value") or ""),
        key=str(visit.view.get("root_view_id") or visit.view["id"]),
        chosen=chosen,
    )
    told = list_parts.left_out(desk, [await desk.service.case(undo.request.id)])
    await (visit.ack() if told is None else visit.ack(response_action="update", view=notice(told)))

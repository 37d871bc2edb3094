"""The form that asks for a list once more: what is asked is as it was, and the reason may be another one."""

import json

from bot.domain.request import Case
from bot.slack import forms
from bot.slack.blocks import Block, plain, section
from bot.slack.forms import field, state_of
from bot.slack.visits import Sent
from bot.words import bulk_form as words
from bot.words import labels
from bot.words.forms import REASON

CALLBACK = "ask_again"


def draw(case: Case) -> Block:
    """Say what is asked for, and ask why."""
    reason = {"type": "plain_text_input", "multiline": True} | forms.initial(case.request.reason)
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(words.again(case.request.id), 24),
        "submit": plain(labels.SEND, 24),
        "close": plain(labels.CLOSE, 24),
        "private_metadata": json.dumps({"request": case.request.id}),
        "blocks": [section(words.again_list(case)), field("reason", REASON, reason)],
    }


async def send(visit: Sent) -> None:
    """Ask for it."""
    request_id = forms.carried(visit.view, request=str)["request"]
    reason = str(state_of(visit.view).get("reason", {}).get("value") or "")
    key = str(visit.view.get("root_view_id") or visit.view["id"])
    await visit.desk.service.ask_again(request_id, by=visit.by, reason=reason, key=key)
    await visit.ack()

"""The two small forms about a request that stands: why it is denied, and how something unknown really ended."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.request import Case
from bot.slack.blocks import Block, plain, section
from bot.slack.forms import carried, field, state_of
from bot.words import forms as words
from bot.words import labels

#: what a person who looked may say
DONE, NOT_DONE = "done", "not_done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """A deny form that was sent."""

    request_id: str
    #: the version that was shown beside the button
    shown: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A settle form that was sent."""

    request_id: str
    #: None: nothing was chosen
    done: bool | None
    note: str


def draw_denial(case: Case, *, shown: int) -> Block:
    """Ask why."""
    element = {"type": "plain_text_input", "multiline": True, "focus_on_load": True}
    hint = plain(words.WHY_NOT_HINT, 2000)
    return _modal(
        "deny",
        words.deny(case.request.id),
        labels.DENY,
        {"request": case.request.id, "shown": shown},
        [section(words.about(case)), field("reason", words.WHY_NOT, element, hint=hint)],
    )


def read_denial(view: Mapping[str, Any]) -> Denial:
    hidden = carried(view, request=str, shown=int)
    return Denial(request_id=hidden["request"], shown=hidden["shown"], reason=_typed(view, "reason"))


def draw_settlement(case: Case, *, provider: str) -> Block:
    """Ask somebody who looked at the provider's own page what is true."""
    options = [
        {"text": plain(words.DONE, 75), "value": DONE},
        {"text": plain(words.NOT_DONE, 75), "value": NOT_DONE},
    ]
    looked = plain(words.look_first(provider), 2000)
    return _modal(
        "settle",
        words.settle(case.request.id),
        labels.SETTLE,
        {"request": case.request.id},
        [
            section(words.about(case)),
            field("outcome", words.HOW_IS_IT, {"type": "radio_buttons", "options": options}),
            field("reason", words.HOW_KNOWN, {"type": "plain_text_input", "multiline": True}, hint=looked),
        ],
    )


def read_settlement(view: Mapping[str, Any]) -> Settlement:
    hidden = carried(view, request=str)
    chosen = (state_of(view).get("outcome", {}).get("selected_option") or {}).get("value")
    done = {DONE: True, NOT_DONE: False}.get(str(chosen))
    return Settlement(request_id=hidden["request"], done=done, note=_typed(view, "reason"))


def _typed(view: Mapping[str, Any], name: str) -> str:
    return str(state_of(view).get(name, {}).get("value") or "")


def _modal(callback_id: str, title: str, submit: str, hidden: Block, blocks: list[Block]) -> Block:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "submit": plain(submit, 24),
        "close": plain(labels.BACK, 24),
        "private_metadata": json.dumps(hidden),
        "blocks": blocks,
    }

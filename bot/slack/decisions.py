"""The two small forms about a request that stands: why it is denied, and how something unknown really ended."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.request import Case
from bot.slack import subjects
from bot.slack.forms import carried, field, state_of
from bot.slack.text import Block, date, mention, plain, section, worth

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
    hint = plain("The requester and all in the channel can read it.", 2000)
    return _modal(
        "deny",
        f"Deny {case.request.id}",
        "Deny",
        {"request": case.request.id, "shown": shown},
        [section(_about(case)), field("reason", "Why not?", element, hint=hint)],
    )


def read_denial(view: Mapping[str, Any]) -> Denial:
    hidden = carried(view, request=str, shown=int)
    return Denial(request_id=hidden["request"], shown=hidden["shown"], reason=_typed(view, "reason"))


def draw_settlement(case: Case, *, provider: str) -> Block:
    """Ask somebody who looked at the provider's own page what is true."""
    options = [
        {"text": plain("It is done", 75), "value": DONE},
        {"text": plain("It is not done", 75), "value": NOT_DONE},
    ]
    looked = f"Look into {provider} yourself first: what you say here is what counts, and it is written down."
    return _modal(
        "settle",
        f"Settle {case.request.id}",
        "Settle",
        {"request": case.request.id},
        [
            section(_about(case)),
            field("outcome", "How is it really?", {"type": "radio_buttons", "options": options}),
            field(
                "reason", "How do you know?", {"type": "plain_text_input", "multiline": True}, hint=plain(looked, 2000)
            ),
        ],
    )


def read_settlement(view: Mapping[str, Any]) -> Settlement:
    hidden = carried(view, request=str)
    chosen = (state_of(view).get("outcome", {}).get("selected_option") or {}).get("value")
    done = {DONE: True, NOT_DONE: False}.get(str(chosen))
    return Settlement(request_id=hidden["request"], done=done, note=_typed(view, "reason"))


def _typed(view: Mapping[str, Any], name: str) -> str:
    return str(state_of(view).get(name, {}).get("value") or "")


def _about(case: Case) -> str:
    asked = f"{mention(case.request.requester.id)} asked {date(case.request.created)}"
    return f"{asked} to {subjects.task(case)} ({worth(case.request.offer)})."


def _modal(callback_id: str, title: str, submit: str, hidden: Block, blocks: list[Block]) -> Block:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "submit": plain(submit, 24),
        "close": plain("Back", 24),
        "private_metadata": json.dumps(hidden),
        "blocks": blocks,
    }

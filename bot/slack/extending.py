"""The short form that asks for a later end of what was granted for a time: drawn and read here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.request import Case
from bot.domain.term import Term
from bot.slack import terms
from bot.slack.blocks import Block, plain, section
from bot.slack.forms import carried, field, state_of
from bot.words import forms as words
from bot.words import labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """The form that was sent."""

    end_id: str
    term: Term | None
    reason: str


def draw(case: Case) -> Block:
    """Ask for how long, and why."""
    reason = {"type": "plain_text_input", "multiline": True}
    return {
        "type": "modal",
        "callback_id": "extend",
        "title": plain(labels.EXTEND, 24),
        "submit": plain(labels.SEND, 24),
        "close": plain(labels.CLOSE, 24),
        "private_metadata": json.dumps({"request": case.request.id}),
        "blocks": [
            section(words.extend(case)),
            *terms.fields(None, empty=words.EXTEND_EMPTY),
            field("reason", words.REASON, reason, hint=plain(words.REASON_HINT, 2000)),
        ],
    }


def read(view: Mapping[str, Any]) -> Extension:
    """Read it; raise `FormOutdated` or `TermMalformed`."""
    state = state_of(view)
    return Extension(
        end_id=carried(view, request=str)["request"],
        term=terms.typed(state),
        reason=str(state.get("reason", {}).get("value") or ""),
    )

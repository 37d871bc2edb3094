"""The short form that asks for a later end of what was granted for a time: drawn and read here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.request import Case
from bot.domain.term import Term
from bot.slack import subjects, terms
from bot.slack.forms import carried, field, state_of
from bot.slack.text import Block, date, plain, section, worth

EMPTY = "Leave both empty to ask that it stays for good."


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """The form that was sent."""

    end_id: str
    term: Term | None
    reason: str


def draw(case: Case) -> Block:
    """Ask for how long, and why."""
    about = f"*{subjects.offer(case)}* ({worth(case.request.offer)}) of *{subjects.customer(case)}*"
    ends = date(case.request.planned or 0.0)
    reason = {"type": "plain_text_input", "multiline": True}
    return {
        "type": "modal",
        "callback_id": "extend",
        "title": plain("Extend", 24),
        "submit": plain("Send", 24),
        "close": plain("Close", 24),
        "private_metadata": json.dumps({"request": case.request.id}),
        "blocks": [
            section(f"{about} is taken back by itself {ends}. Somebody else has to approve another end, as before."),
            *terms.fields(None, empty=EMPTY),
            field("reason", "Reason", reason, hint=plain("All in the channel can read it.", 2000)),
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

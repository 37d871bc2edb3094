"""Composition objects. Pages: reference/block-kit/composition-objects/*."""

from typing import Any

from bot.sandbox.blockkit.faults import Faults, invalid
from bot.sandbox.blockkit.shapes import (
    Array,
    Choice,
    Fields,
    Flag,
    Must,
    OneOf,
    Rule,
    Shape,
    Text,
    must,
    only_one_of,
    some_of,
)

ACTION_ID = Text(255)
BLOCK_ID = Text(255)
URL = Text(3000, pattern=r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
USER_IDS = Array(Text(), 1, 10)


# text-object
def plain(longest: int) -> OneOf:
    return OneOf({"plain_text": _plain(longest)})


def text(longest: int) -> OneOf:
    return OneOf({"plain_text": _plain(longest), "mrkdwn": _mrkdwn(longest)})


def _plain(longest: int) -> Fields:
    return Fields({"text": must(Text(longest)), "emoji": Flag()})


def _mrkdwn(longest: int) -> Fields:
    return Fields({"text": must(Text(longest)), "verbatim": Flag()})


# option-object: only overflow menus may have a url, only checkboxes and radio buttons may have mrkdwn
def _option(label: OneOf, more: dict[str, Shape | Must] | None = None) -> Fields:
    return Fields({"text": must(label), "value": must(Text(150)), "description": label, **(more or {})})


OPTION = _option(plain(75))
RICH_OPTION = _option(text(75))
OVERFLOW_OPTION = _option(plain(75), {"url": URL})

# option-group-object
OPTION_GROUP = Fields({"label": must(plain(75)), "options": must(Array(OPTION, 1, 100))})

# confirmation-dialog-object
CONFIRM = Fields(
    {
        "title": must(plain(100)),
        "text": must(text(300)),
        "confirm": must(plain(30)),
        "deny": must(plain(30)),
        "style": Choice("primary", "danger"),
    }
)

# dispatch-action-configuration-object
DISPATCH = Fields({"trigger_actions_on": must(Array(Choice("on_enter_pressed", "on_character_entered"), 1, 2))})

# conversation-filter-object
CONVERSATION_FILTER = Fields(
    {
        "include": Array(Choice("im", "mpim", "private", "public"), 1),
        "exclude_external_shared_channels": Flag(),
        "exclude_bot_users": Flag(),
    },
    some_of("include", "exclude_external_shared_channels", "exclude_bot_users"),
)

# slack-file-object
SLACK_FILE = Fields({"id": Text(), "url": URL}, some_of("id", "url"), only_one_of("id", "url"))

# slack-icon-object
SLACK_ICON = OneOf({"icon": Fields({"name": must(Text())})})

# workflow-object, trigger-object
WORKFLOW = Fields(
    {
        "trigger": must(
            Fields(
                {
                    "url": must(URL),
                    "customizable_input_parameters": Array(Fields({"name": must(Text()), "value": must(Text())})),
                }
            )
        )
    }
)


def offered(name: str) -> Rule:
    """What is chosen at first must be among what is offered, to the letter."""

    def rule(value: dict[str, Any], at: str) -> Faults:
        groups = [value, *value.get("option_groups", [])]
        offers = [option for group in groups for option in group.get("options", [])]
        chosen = value.get(name, [])
        for option in chosen if isinstance(chosen, list) else [chosen]:
            if option not in offers:
                yield invalid(f"`{name}` must exactly match one of the provided options", f"{at}/{name}")
                return

    return rule

"""What holds of everything the bot ever shows in Slack, whatever a test is about."""

import json
import re
from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import Block, Option
from slack_sdk.models.views import View

from bot.sandbox.workspace import Workspace

#: what the bot itself may put between angle brackets; anything else is somebody's text that got through
OURS = re.compile(
    r"<(?:!date\^\d+\^[^|<>]*\|[^<>|]*|!subteam\^(?P<group>S\w+)|@(?P<person>[UW]\w+)|#(?P<channel>[CG]\w+)"
    r"|https://sandbox\.slack\.com/archives/(?P<place>[CG]\w+)/p\d{16}\|R-[0-9A-Z]+)>"
)
#: a form was sent, closed or drawn anew while its preview was on the way: nobody misses that preview
RACES = {("views.update", "not_found"), ("views.update", "hash_conflict")}
Json = dict[str, Any]


def assert_manners(world: Workspace, *, expected: frozenset[str]) -> None:
    """Nothing was refused but what a test expects, and nothing foreign has power over anybody's screen."""
    refused = {(one.method, one.answer["error"]): one.answer for one in world.journal.refused}
    surprising = {key: answer for key, answer in refused.items() if key not in RACES and key[1] not in expected}
    assert not surprising, surprising
    assert not world.journal.faults, world.journal.faults
    for drawing in drawings(world):
        assert_fits_the_sdk(drawing)
        assert_harmless(world, drawing)


def drawings(world: Workspace) -> Iterator[Json]:
    """Everything that was sent to be shown: messages, forms, answers, options."""
    for call in world.journal.calls:
        yield from _drawn(call.args)
    for delivery in world.journal.deliveries:
        if isinstance(delivery.ack, dict):
            yield from _drawn(delivery.ack)


def texts(drawing: Any) -> Iterator[str]:
    """Every text in it that Slack parses."""
    if isinstance(drawing, list):
        for one in drawing:
            yield from texts(one)
    elif isinstance(drawing, dict):
        text = drawing.get("text")
        if isinstance(text, str) and drawing.get("type", "mrkdwn") == "mrkdwn":
            yield text
        for one in drawing.values():
            yield from texts(one)


def assert_fits_the_sdk(drawing: Json) -> None:
    """The SDK's own models take it, where there is one."""
    view = drawing.get("view")
    if view is not None:
        View(**view).to_dict()
    for block in [*(drawing.get("blocks") or ()), *(view["blocks"] if view is not None else ())]:
        model = Block.parse(block)
        assert model is not None, block["type"]
        model.to_dict()
    for option in drawing.get("options") or ():
        Option(**option).to_dict()


def assert_harmless(world: Workspace, drawing: Json) -> None:
    """No mention but of people, groups and channels that the bot knows; no link; nothing that Slack would make one."""
    assert not drawing.get("link_names")
    for text in texts(drawing):
        assert "<" not in OURS.sub("", text), text
        for found in OURS.finditer(text):
            named = {one for one in found.groups() if one is not None}
            assert named <= world.members.keys() | world.groups.keys() | world.channels.keys(), text
    for parsed in _objects(drawing, "mrkdwn"):
        assert parsed["verbatim"] is True, parsed
    for parsed in _objects(drawing, "plain_text"):
        assert parsed["emoji"] is False, parsed


def _drawn(given: Json) -> Iterator[Json]:
    drawing = {name: _tree(given[name]) for name in ("blocks", "view", "options") if given.get(name)}
    if drawing or given.get("text"):
        yield drawing | {"text": given.get("text"), "link_names": given.get("link_names")}


def _tree(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _objects(part: Any, kind: str) -> Iterator[Json]:
    if isinstance(part, list):
        for one in part:
            yield from _objects(one, kind)
    elif isinstance(part, dict):
        if part.get("type") == kind:
            yield part
        for one in part.values():
            yield from _objects(one, kind)

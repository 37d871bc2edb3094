"""Rules between blocks: how many, how long altogether, which ids only once, what only one surface has."""

from collections.abc import Iterator
from typing import Any, Literal

from bot.sandbox.blockkit.blocks import blocks_on
from bot.sandbox.blockkit.faults import Fault, Faults, invalid, unsupported
from bot.sandbox.blockkit.shapes import Array

Surface = Literal["message", "modal", "home"]

BLOCKS = {
    "message": Array(blocks_on("M"), 0, 50),
    "modal": Array(blocks_on("V"), 1, 100),
    "home": Array(blocks_on("H"), 1, 100),
}
MODAL_ONLY_ELEMENTS = ("file_input",)
MODAL_ONLY_FIELDS = ("response_url_enabled",)

# page markdown-block: of all markdown blocks together
MARKDOWN_CHARACTERS = 12_000
# pages table-block and data-visualization-block: in one message
TABLES = ("table", "data_table")
CHARTS_PER_MESSAGE = 2
# Slack does not publish this limit. People measured it (bolt-js issues 2509 and 2867): about 13,200 characters
# in few blocks were taken, and 9,597 in 50 blocks; 11,341 in 45 blocks were refused: a block costs some itself.
MESSAGE_CHARACTERS = 13_200
BLOCK_CHARACTERS = 45

# the blocks that hold blocks, and where
_NESTS = {"container": "child_blocks", "carousel": "elements", "plan": "tasks"}


def check_blocks(blocks: list[dict[str, Any]], *, surface: Surface) -> list[Fault]:
    """The faults of the blocks of one message, modal or home tab."""
    return list(faults_of_blocks(blocks, "/blocks", surface=surface))


def faults_of_blocks(blocks: object, at: str, *, surface: Surface) -> Faults:
    yield from BLOCKS[surface].check(blocks, at)
    if not isinstance(blocks, list):
        return
    yield from _ids(blocks, at)
    if surface == "message":
        yield from _crowding(blocks, at)
    else:
        yield from _focus(blocks, at)
    if surface != "modal":
        yield from _modal_only(blocks, at)


def nested(blocks: list[Any], at: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Every block with its place, those within other blocks too."""
    for index, block in enumerate(blocks):
        if isinstance(block, dict):
            yield block, f"{at}/{index}"
            inside = _nest(block)
            if isinstance(block.get(inside), list):
                yield from nested(block[inside], f"{at}/{index}/{inside}")


def parts(value: object, at: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Every object within a value, with its place."""
    if isinstance(value, dict):
        yield value, at
        for name, part in value.items():
            yield from parts(part, f"{at}/{name}")
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from parts(part, f"{at}/{index}")


def tables_in(blocks: list[Any], at: str) -> list[str]:
    """The places of all tables."""
    return [place for block, place in nested(blocks, at) if block.get("type") in TABLES]


def one_table_too_many(place: str) -> Fault:
    return Fault("invalid_attachments", "only_one_table_allowed", place)


def _nest(block: dict[str, Any]) -> str:
    return _NESTS.get(str(block.get("type")), "")


def _ids(blocks: list[Any], at: str) -> Faults:
    block_ids: set[str] = set()
    for block, place in nested(blocks, at):
        yield from _once(block, "block_id", seen=block_ids, at=place)
        own = {name: part for name, part in block.items() if name != _nest(block)}
        action_ids: set[str] = set()
        for part, where in parts(own, place):
            yield from _once(part, "action_id", seen=action_ids, at=where)


def _once(part: dict[str, Any], field: str, *, seen: set[str], at: str) -> Faults:
    value = part.get(field)
    if isinstance(value, str):
        if value in seen:
            yield invalid(f"{field} `{value}` already exists", f"{at}/{field}")
        seen.add(value)


def _crowding(blocks: list[Any], at: str) -> Faults:
    yield from map(one_table_too_many, tables_in(blocks, at)[1:])
    kinds = [(block.get("type"), block, place) for block, place in nested(blocks, at)]
    for place in [place for kind, _, place in kinds if kind == "data_visualization"][CHARTS_PER_MESSAGE:]:
        yield invalid(f"no more than {CHARTS_PER_MESSAGE} data_visualization blocks allowed", place)
    markdown = [str(block.get("text", "")) for kind, block, _ in kinds if kind == "markdown"]
    if len(markdown) > 1 and sum(map(len, markdown)) > MARKDOWN_CHARACTERS:
        yield Fault("msg_blocks_too_long", f"no more than {MARKDOWN_CHARACTERS} characters of markdown", at)
    long = sum(_length(block) for block in blocks if isinstance(block, dict))
    if long > MESSAGE_CHARACTERS:
        yield Fault("msg_blocks_too_long", f"no more than {MESSAGE_CHARACTERS} characters, has {long}", at)


def _length(block: dict[str, Any]) -> int:
    """Tables have limits of their own and do not count."""
    if block.get("type") in TABLES:
        return BLOCK_CHARACTERS
    texts = (part["text"] for part, _ in parts(block, "") if isinstance(part.get("text"), str))
    return BLOCK_CHARACTERS + sum(map(len, texts))


def _focus(blocks: list[Any], at: str) -> Faults:
    focused = [place for part, place in parts(blocks, at) if part.get("focus_on_load") is True]
    for place in focused[1:]:
        yield invalid("only one element may have `focus_on_load`", f"{place}/focus_on_load")


def _modal_only(blocks: list[Any], at: str) -> Faults:
    for part, place in parts(blocks, at):
        if part.get("type") in MODAL_ONLY_ELEMENTS:
            yield unsupported(part["type"], place)
        for field in MODAL_ONLY_FIELDS:
            if part.get(field) is True:
                yield invalid(f"`{field}` is only available in modals", f"{place}/{field}")

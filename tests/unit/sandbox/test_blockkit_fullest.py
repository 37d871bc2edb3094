import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from bot.sandbox.blockkit import Surface, check_blocks
from tests.unit.sandbox.blockkit import examples
from tests.unit.sandbox.blockkit.examples import Json, to_sdk_and_back
from tests.unit.sandbox.blockkit.fullest import BLOCKS, MAY_BE_EMPTY, MODAL_BLOCKS

Steps = tuple[str | int, ...]

FULLEST: list[tuple[Surface, list[Json]]] = [
    *(("modal" if kind == "alert" else "message", [least]) for kind, least in examples.BLOCKS.items()),
    *(("message", blocks) for blocks in BLOCKS),
    *(("modal", blocks) for blocks in MODAL_BLOCKS),
]


class Gap(NamedTuple):
    place: str
    allowed: bool
    blocks: list[Json]


def with_a_gap(blocks: list[Json]) -> Iterator[Gap]:
    """The blocks again and again, each time with another string or list in them empty."""
    for steps in gaps(blocks):
        holder, gapped = copied(blocks, steps)
        last = steps[-1]
        holder[last] = type(holder[last])()
        allowed = isinstance(holder, dict) and (holder.get("type"), last) in MAY_BE_EMPTY
        yield Gap("/".join(["/blocks", *map(str, steps)]), allowed, gapped)


def copied(blocks: list[Json], steps: Steps) -> tuple[Any, list[Json]]:
    """What holds the last of these steps in a copy, and the copy."""
    copy = json.loads(json.dumps(blocks))
    holder: Any = copy
    for step in steps[:-1]:
        holder = holder[step]
    return holder, copy


def gaps(part: Any, *steps: str | int) -> Iterator[Steps]:
    for step, value in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(value, str | list) and step != "type":
            yield (*steps, step)
        if isinstance(value, dict | list):
            yield from gaps(value, *steps, step)


@pytest.mark.parametrize(("surface", "blocks"), FULLEST)
def test_every_field_of_a_block_is_taken_by_us_and_by_the_sdk(surface, blocks):
    without_model = blocks[0]["type"] in {"data_table", "data_visualization"}

    assert check_blocks(blocks, surface=surface) == []
    assert len(to_sdk_and_back(blocks)) == (0 if without_model else 1)


@pytest.mark.parametrize(("surface", "blocks"), FULLEST)
def test_what_is_empty_is_refused_unless_it_may_be(surface, blocks):
    for gap in with_a_gap(blocks):
        faults = check_blocks(gap.blocks, surface=surface)

        assert [fault.pointer for fault in faults] == ([] if gap.allowed else [gap.place]), gap.place


@pytest.mark.parametrize("junk", [None, 7, "x", [[]], {"type": []}], ids=repr)
def test_a_payload_of_the_wrong_shape_is_refused_never_an_error(junk):
    for surface, blocks in FULLEST:
        for steps in gaps(blocks):
            holder, broken = copied(blocks, steps)
            holder[steps[-1]] = junk
            faults = check_blocks(broken, surface=surface)

            assert faults or junk == "x", steps

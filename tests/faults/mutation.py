"""Turns what was really sent into what nobody would send: one or a few places of it become something else."""

import asyncio
import copy
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TEXTS = (
    "",
    "x",
    "x" * 5000,
    "\udfff",
    "\u202e\x00\ufeff",
    "<!channel>",
    "R-0000",
    "-1",
    "../..",
    "'; drop table event; --",
)
#: what a place can turn into
OTHERS = st.one_of(
    st.sampled_from([None, True, False, 0, -1, 10**30, 1.5, [], {}, [[]], {"a": {}}, [None], *TEXTS]),
    st.text(max_size=20),
    st.recursive(st.none() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3), max_leaves=5),
)
GONE = object()


def seeded(examples):
    """The same examples in every run."""
    return settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )


def places(node, at=()):
    """Every place in a document, by the way that leads to it."""
    if at:
        yield at
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, one in inner:
        yield from places(one, (*at, step))


@st.composite
def mutated(draw, document):
    """The document with up to three places that are something else, or gone."""
    changed = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(list(places(changed)) or [("lost",)]))
        node = changed
        for step in way:
            node = node[step]
        other = draw(st.just(GONE) | OTHERS)
        if other is not GONE:
            node[last] = other
        elif isinstance(node, dict):
            node.pop(last, None)
        else:
            del node[last]
    return changed


def written(document):
    """The bytes of a document; halves of characters stay, as `\\udfff`."""
    return json.dumps(document).encode()


async def mutations(documents, examples, check):
    """Check mutations of each document; hypothesis knows no event loop, so it runs beside it."""

    def run():
        for name, document in documents.items():
            seeded(examples)(given(st.just(name), mutated(document))(check))()

    await asyncio.to_thread(run)


def inside(loop, work):
    """Do asynchronous work from that thread."""
    return asyncio.run_coroutine_threadsafe(work, loop).result(timeout=60)

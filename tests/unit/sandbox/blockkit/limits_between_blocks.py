"""What a message or view may hold altogether."""

from tests.unit.sandbox.blockkit.examples import Limit, block, buttons, plain

LIMITS_BETWEEN_BLOCKS = [
    Limit("blocks in a message", lambda n: block("divider") * n, 50, 51, "/blocks"),
    Limit("blocks in a modal", lambda n: block("divider") * n, 100, 101, "/blocks", "modal"),
    Limit("blocks in a home tab", lambda n: block("divider") * n, 100, 101, "/blocks", "home"),
    Limit("an empty modal", lambda n: block("divider") * n, 1, 0, "/blocks", "modal"),
    Limit("an empty home tab", lambda n: block("divider") * n, 1, 0, "/blocks", "home"),
    Limit(
        "a block_id twice",
        lambda other: [*block("divider", block_id="a"), *block("divider", block_id=other)],
        "b",
        "a",
        "/blocks/1/block_id",
    ),
    Limit(
        "a block_id twice, within",
        lambda other: [
            *block("divider", block_id="a"),
            *block("container", child_blocks=block("divider", block_id=other)),
        ],
        "b",
        "a",
        "/blocks/1/child_blocks/0/block_id",
    ),
    Limit(
        "an action_id twice",
        lambda other: block("actions", elements=[{**buttons(1)[0], "action_id": name} for name in ("a", other)]),
        "b",
        "a",
        "/blocks/0/elements/1/action_id",
    ),
    Limit("charts in a message", lambda n: block("data_visualization") * n, 2, 3, "/blocks/2"),
    Limit("tables in a message", lambda kind: [*block("table"), *block(kind)], "divider", "data_table", "/blocks/1"),
    Limit(
        "all markdown",
        lambda n: [*block("markdown", text="x" * 6_000), *block("markdown", text="x" * n)],
        6_000,
        6_001,
        "/blocks",
    ),
    Limit(
        "all characters",
        lambda n: [*block("section", text=plain("x" * 3_000)) * 4, *block("section", text=plain("x" * n))],
        13_200 - 5 * 45 - 12_000,
        13_201 - 5 * 45 - 12_000,
        "/blocks",
    ),
]

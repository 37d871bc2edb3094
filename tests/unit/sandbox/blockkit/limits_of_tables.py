"""Limits of tables and charts."""

from typing import Any

from tests.unit.sandbox.blockkit.examples import (
    Json,
    Limit,
    bar,
    block,
    cell,
    letters,
    points,
    rich,
    rows,
    value,
)


def headed(width: int) -> list[list[Json]]:
    return [*rows(1, width), *rows(1, 20)]


def table(kind: str, height: int, *, characters: int) -> list[Json]:
    each, rest = divmod(characters, height)
    grid = rows(height, text="x" * each)
    grid[-1] = [cell("x" * (each + rest))]
    return block(kind, rows=grid)


def chart(**more: Any) -> list[Json]:
    return block("data_visualization", chart=more)


def labels(count: int) -> list[str]:
    return [str(number) for number in range(count)]


POINTS = points(labels(20))

LIMITS_OF_TABLES = [
    Limit("table rows", lambda n: block("table", rows=rows(n)), 100, 101, "/blocks/0/rows"),
    Limit("table columns", lambda n: block("table", rows=rows(1, n)), 20, 21, "/blocks/0/rows/0"),
    Limit("an empty table", lambda n: block("table", rows=rows(n)), 1, 0, "/blocks/0/rows"),
    Limit("an empty table row", lambda n: block("table", rows=rows(1, n)), 1, 0, "/blocks/0/rows/0"),
    Limit("an empty cell", lambda n: block("table", rows=[[cell("x" * n)]]), 1, 0, "/blocks/0/rows/0/0/text"),
    Limit(
        "a number cell",
        lambda number: block("table", rows=[[{"type": "raw_number", "value": number, "text": "1"}]]),
        1.5,
        "1.5",
        "/blocks/0/rows/0/0/value",
    ),
    Limit("table text", lambda n: table("table", 10, characters=n), 10_000, 10_001, "/blocks/0/rows"),
    Limit(
        "column settings",
        lambda n: block("table", column_settings=[{"align": "right", "is_wrapped": True}] * n),
        20,
        21,
        "/blocks/0/column_settings",
    ),
    Limit(
        "column align",
        lambda align: block("table", column_settings=[{"align": align}]),
        "center",
        "middle",
        "/blocks/0/column_settings/0/align",
    ),
    Limit("data table rows", lambda n: block("data_table", rows=rows(n)), 201, 202, "/blocks/0/rows"),
    Limit("data table with a row", lambda n: block("data_table", rows=rows(n)), 2, 1, "/blocks/0/rows"),
    Limit("data table columns", lambda n: block("data_table", rows=headed(n)), 20, 21, "/blocks/0/rows/0"),
    Limit("data table text", lambda n: table("data_table", 10, characters=n), 20_000, 20_001, "/blocks/0/rows"),
    Limit("data table caption", letters("data_table", "caption"), 1, 0, "/blocks/0/caption"),
    Limit("data table page", value("data_table", "page_size"), 100, 101, "/blocks/0/page_size"),
    Limit("data table page from", value("data_table", "page_size"), 1, 0, "/blocks/0/page_size"),
    Limit(
        "data table header column",
        value("data_table", "row_header_column_index"),
        0,
        1,
        "/blocks/0/row_header_column_index",
    ),
    Limit(
        "data table header cell",
        lambda head: block("data_table", rows=[[head], [cell()]]),
        cell(),
        rich(),
        "/blocks/0/rows/0/0/type",
    ),
    Limit(
        "data table of one width",
        lambda n: block("data_table", rows=[*rows(2, 2), *rows(1, n)]),
        2,
        1,
        "/blocks/0/rows/2",
    ),
    Limit("chart title", letters("data_visualization", "title"), 50, 51, "/blocks/0/title"),
    Limit("chart series", lambda n: chart(**bar(series=n, labels=["x"])), 12, 13, "/blocks/0/chart/series"),
    Limit(
        "chart x label",
        lambda n: chart(**bar(labels=["x"], x_label="x" * n)),
        50,
        51,
        "/blocks/0/chart/axis_config/x_label",
    ),
    Limit(
        "chart y label",
        lambda n: chart(**bar(labels=["x"], y_label="x" * n)),
        50,
        51,
        "/blocks/0/chart/axis_config/y_label",
    ),
    Limit(
        "chart segments",
        lambda n: chart(type="pie", segments=[{"label": "x", "value": 1}] * n),
        12,
        13,
        "/blocks/0/chart/segments",
    ),
    Limit(
        "chart segment label",
        lambda n: chart(type="pie", segments=[{"label": "x" * n, "value": 1}]),
        20,
        21,
        "/blocks/0/chart/segments/0/label",
    ),
    Limit(
        "chart categories",
        lambda n: chart(type="bar", series=[{"name": "x", "data": POINTS}], axis_config={"categories": labels(n)}),
        20,
        21,
        "/blocks/0/chart/axis_config/categories",
    ),
    Limit(
        "chart points",
        lambda n: chart(
            type="bar", series=[{"name": "x", "data": points(labels(n))}], axis_config={"categories": labels(20)}
        ),
        20,
        21,
        "/blocks/0/chart/series/0/data",
    ),
    Limit(
        "chart segment value",
        lambda value: chart(type="pie", segments=[{"label": "x", "value": value}]),
        0,
        -1,
        "/blocks/0/chart/segments/0/value",
    ),
    Limit(
        "data table first column",
        value("data_table", "row_header_column_index"),
        0,
        -1,
        "/blocks/0/row_header_column_index",
    ),
]

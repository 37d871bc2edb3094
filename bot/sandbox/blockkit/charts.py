"""Charts. Page: reference/block-kit/blocks/data-visualization-block."""

from typing import Any

from bot.sandbox.blockkit.faults import Faults, invalid
from bot.sandbox.blockkit.shapes import Array, Fields, Number, OneOf, Text, must

_LABEL = Text(20)
_POINT = Fields({"label": must(_LABEL), "value": must(Number(whole=False))})
_SERIES = Fields({"name": must(_LABEL), "data": must(Array(_POINT, 1, 20))})
_AXES = Fields({"categories": must(Array(_LABEL, 1, 20)), "x_label": Text(50), "y_label": Text(50)})


def _one_point_per_category(chart: dict[str, Any], at: str) -> Faults:
    categories = set(chart["axis_config"]["categories"])
    for index, series in enumerate(chart["series"]):
        if {point["label"] for point in series["data"]} != categories or len(series["data"]) != len(categories):
            yield invalid("must have one data point for each category", f"{at}/series/{index}/data")


def _each_name_once(chart: dict[str, Any], at: str) -> Faults:
    names = [series["name"] for series in chart["series"]]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield invalid(f"series name `{name}` already exists", f"{at}/series/{index}/name")


_PLOT = Fields(
    {"series": must(Array(_SERIES, 1, 12)), "axis_config": must(_AXES)},
    _one_point_per_category,
    _each_name_once,
)
_SEGMENT = Fields({"label": must(_LABEL), "value": must(Number(0, whole=False))})

CHART = OneOf(
    {
        "pie": Fields({"segments": must(Array(_SEGMENT, 1, 12))}),
        "bar": _PLOT,
        "area": _PLOT,
        "line": _PLOT,
    }
)

"""Whatever the local Slack builds follows a page of Slack's documentation, and says which."""

import inspect

import pytest

from bot.sandbox import events, payloads, shapes

BUILDERS = [
    function
    for module in (events, payloads, shapes)
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__ and not name.startswith("_")
]


@pytest.mark.parametrize("builder", BUILDERS, ids=lambda one: f"{one.__module__.rpartition('.')[2]}.{one.__name__}")
def test_each_builder_names_the_page_of_slacks_documentation_that_it_follows(builder):
    assert (builder.__doc__ or "").startswith("Slack: ")


def test_there_are_builders():
    assert len(BUILDERS) > 20

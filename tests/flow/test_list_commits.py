"""What a list costs the disk: a point of no return for each row, and together what is heard together."""

import pytest

from bot.domain.request import State
from tests.flow.test_list_work import approved, asked, people, shown, until


@pytest.fixture
def transport():
    """Slack has little to do here."""
    return "http"


def commits_of(statements, event):
    """How often an event was written in each commit, where it was."""
    found: list[set[str]] = [set()]
    for statement in statements:
        if statement == "COMMIT":
            found.append(set())
        elif statement.startswith("insert into event") and event in statement:
            found[-1].add(statement)  # a trigger shows it once more
    return [len(one) for one in found if one]


async def test_what_was_answered_together_is_written_down_in_one_commit(desk):
    case = await shown(desk, asked(desk, people(desk, 16)))
    statements: list[str] = []
    sqlite = desk.bot.parts.store.db.sqlite
    sqlite.set_trace_callback(statements.append)
    await approved(desk, case)
    case = await until(desk, case.request.id, {State.SUCCEEDED})
    sqlite.set_trace_callback(None)

    assert sum(commits_of(statements, "change.sent")) == 16
    assert commits_of(statements, "change.confirmed") == [8, 8]

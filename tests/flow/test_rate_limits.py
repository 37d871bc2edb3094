import pytest

from bot.sandbox.story import Narrator, play
from bot.settings import Settings
from tests.flow.following import all_told, cards, in_thread, over_http, over_socket, owed, told

USUAL = Settings.model_fields["slack_post_rate"].default
QUIET = Narrator(write=lambda _: None)


def refused(desk):
    return [call.method for call in desk.workspace.journal.calls if call.status == 429]


@pytest.fixture
async def limited(idle, rate):
    """Slack's limits hold, and the bot posts `rate` times a second in a channel."""
    idle.workspace.limits.enforced = True
    idle.settings = idle.settings.model_copy(update={"slack_post_rate": rate})
    await idle.start()
    return idle


@over_socket
@pytest.mark.parametrize("rate", [USUAL])
async def test_the_whole_story_stays_within_slacks_limits(limited):
    await play(limited, QUIET)
    await all_told(limited)

    assert refused(limited) == []
    assert len(limited.workspace.journal.called("chat.postMessage")) > 15


@over_http
@pytest.mark.parametrize("rate", [100])
async def test_what_slack_limits_comes_late_and_in_order_and_once(limited):
    limited.expected_refusals = frozenset({"ratelimited"})
    await play(limited, QUIET)
    await limited.workspace.changes.until(lambda: owed(limited) == [] or None, timeout=20)

    assert "chat.postMessage" in refused(limited)
    assert owed(limited) == []
    assert ["".join(said[0] for said in in_thread(card)) for card in reversed(cards(limited))] == [
        "👍👍✅",
        "⛔⛔",
        "👍👍❌🔁✅",
    ]
    assert sum("Done, verified" in one for one in told(limited.ada)) == 2

import pytest

from tests.flow.following import ID
from tests.flow.steps import opened

pytestmark = pytest.mark.parametrize("transport", ["http"])


async def test_requests_are_ones_own_and_everybodys_only_for_those_who_decide(desk):
    await desk.asks(desk.ada, "/offer grant jane@example.com sourdough because one")
    await desk.asks(desk.mallory, "/offer grant mia.chen@example.com holiday because two")

    mine = await desk.ada.types("/offer requests", channel="#support")
    hers = await desk.ada.types("/offer requests waiting", channel="#support")
    all_of_them = await desk.grace.types("/offer requests waiting", channel="#support")
    none_yet = await desk.grace.types("/offer requests mine", channel="#support")

    assert "Sourdough Deep Dive" in mine.plain
    assert "Holiday Baking" not in mine.plain
    assert "Holiday Baking" not in hers.plain
    assert "Holiday Baking" in all_of_them.plain
    assert "Sourdough Deep Dive" in all_of_them.plain
    assert "You have asked for nothing yet" in none_yet.plain


async def test_recent_requests_hold_the_decided_ones_and_waiting_ones_do_not(desk):
    _, question = await desk.asks(desk.ada, "/offer grant jane@example.com sourdough because one")
    await desk.grace.presses("approve", question)
    await desk.ada.sees("verified", in_="#support")

    recent = await desk.grace.types("/offer requests recent", channel="#support")
    waiting = await desk.grace.types("/offer requests waiting", channel="#support")

    assert "done and verified" in recent.plain
    assert waiting.plain == "Nothing waits for a decision."


async def test_more_requests_than_a_page_holds_follow_in_order(desk):
    for number in range(12):
        await opened(desk.ada, f"/offer grant jane@example.com sourdough because number {number}")
        assert await desk.ada.submits() == {}

    first = await desk.ada.types("/offer requests", channel="#support")
    await desk.ada.presses("More", first)
    newer = await desk.workspace.changes.until(lambda: desk.ada.messages("ephemeral")[:-1] or None, timeout=5)
    (second,) = newer

    newest, oldest = ID.findall(first.plain)[:10], ID.findall(second.plain)[:2]
    assert len(set(newest) | set(oldest)) == 12
    assert second.buttons == []


async def test_a_request_is_told_by_its_id_to_those_concerned_only(desk):
    desk.workspace.add_channel("elsewhere", members=["Ada", "Grace", "Mallory", "Olga"])
    await desk.asks(desk.ada, "/offer grant jane@example.com sourdough because case 4412")
    listed = await desk.ada.types("/offer requests", channel="#support")
    request_id = next(word for word in listed.plain.split() if word.startswith("R-")).strip(":")

    for person in (desk.ada, desk.grace):
        story = await person.types(f"/offer why {request_id}", channel="#elsewhere")
        assert "case 4412" in story.plain
        assert "jane@example.com" in story.plain
    same = await desk.ada.types(f"/offer requests {request_id.lower().removeprefix('r-')}", channel="#elsewhere")
    stranger = await desk.mallory.types(f"/offer why {request_id}", channel="#elsewhere")
    in_its_channel = await desk.mallory.types(f"/offer why {request_id}", channel="#support")

    assert "case 4412" in same.plain
    assert stranger.plain == "This request is not yours, and not yours to decide, so I cannot tell you about it."
    assert "case 4412" in in_its_channel.plain


async def test_nothing_that_is_only_looked_up_is_seen_by_anybody_else(desk):
    for command in ("find bundle", "show everything", "who jane@example.com", "requests", "help"):
        await desk.ada.types(f"/offer {command}", channel="#support")
    await desk.ada.sees("Jane Doe", in_="ephemeral")

    assert desk.grace.messages("#support") == []
    assert desk.workspace.journal.called("chat.postMessage") == []

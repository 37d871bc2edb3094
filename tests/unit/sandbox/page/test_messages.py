"""What is written and read on the page."""

import time

import pytest

from bot.sandbox.model import File, Post
from bot.sandbox.page.clock import ClockPanel
from bot.sandbox.page.hand import Screens
from bot.sandbox.page.snapshot import Snapshots
from bot.sandbox.page.unread import Seen
from tests.unit.sandbox.blocks import section


@pytest.fixture
async def as_ada(window):
    return await window("Ada")


@pytest.fixture
async def as_grace(window):
    return await window("Grace")


def support(window):
    return window.channel("support")["id"]


async def test_a_file_in_a_message_is_saved_and_never_shown(as_ada, workspace):
    kept = File("F0KEPT", "Käufer 1.html", "U0BOT", content=b"<script>alert(1)</script>", shared=True)
    unfinished = File("F0OPEN", "open.csv", "U0BOT", content=b"x")
    workspace.files |= {kept.id: kept, unfinished.id: unfinished}
    channel = workspace.channel("support")
    workspace.place(Post(channel.id, workspace.next_ts(), workspace.bot.id, "here", files=[kept]))

    shown = await as_ada.until(lambda told: [file for one in told["messages"][channel.id] for file in one["files"]])
    assert [(one["id"], one["size"]) for one in shown] == [("F0KEPT", 25)]
    async with as_ada.http.get(f"{as_ada.origin}/shared/F0KEPT") as answer:
        assert (await answer.read(), answer.content_type) == (kept.content, "application/octet-stream")
        assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''K%C3%A4ufer%201.html"
    for other in ("F0OPEN", "F0NONE"):
        async with as_ada.http.get(f"{as_ada.origin}/shared/{other}") as answer:
            assert answer.status == 404


async def test_each_person_sees_who_and_what_there_is(as_ada, as_grace):
    told = as_ada.told

    assert told["type"] == "snapshot"
    assert (told["me"]["name"], told["me"]["tz"]) == ("Ada", "Europe/Berlin")
    assert [one["name"] for one in told["channels"]] == ["random", "support", "Offerdesk"]
    assert [one["name"] for one in as_grace.told["channels"]] == ["secret", "support", "Offerdesk"]
    assert {one["name"]: one["bot"] for one in told["people"]}["Offerdesk"] is True
    assert [one["command"] for one in told["app"]["commands"]] == ["/offer"]
    assert [one["type"] for one in told["app"]["shortcuts"]] == ["global", "message"]
    assert told["app"]["home_tab"] is True
    assert abs(told["now"] - time.time()) < 5


async def test_what_one_writes_the_other_reads_and_nobody_else(as_ada, as_grace, window):
    answer = await as_ada.does("type", channel=support(as_ada), text="hello @Grace")
    shown = await as_grace.until(lambda _: as_grace.post_with("hello"))
    mallory = await window("Mallory")

    assert shown == {"channel": support(as_grace), "ts": answer["ts"]}
    assert mallory.post_with("hello") is None


async def test_a_new_message_is_unread_until_it_is_read(as_ada, as_grace):
    await as_ada.does("type", channel=support(as_ada), text="one")
    last = await as_ada.does("type", channel=support(as_ada), text="two")

    await as_grace.until(lambda _: as_grace.channel("support")["unread"] == 2)
    assert as_ada.channel("support")["unread"] == 0

    await as_grace.does("read", channel=support(as_grace), ts=last["ts"])
    await as_grace.until(lambda _: as_grace.channel("support")["unread"] == 0)


async def test_a_reply_stands_in_its_thread_and_is_unread_there(as_ada, as_grace):
    root = await as_ada.does("type", channel=support(as_ada), text="root")
    reply = await as_ada.does("type", channel=support(as_ada), text="reply", thread_ts=root["ts"])
    await as_grace.until(lambda _: as_grace.post_with("reply"))
    first, second = as_grace.told["messages"][support(as_grace)]

    assert (first["thread_ts"], first["reply_count"], first["latest_reply"]) == (None, 1, reply["ts"])
    assert second["thread_ts"] == root["ts"]
    assert as_grace.channel("support")["unread"] == 1
    assert as_grace.channel("support")["unread_threads"] == {root["ts"]: 1}

    await as_grace.does("read", channel=support(as_grace), ts=reply["ts"])
    await as_grace.until(lambda _: as_grace.channel("support")["unread_threads"] == {})
    assert as_grace.channel("support")["unread"] == 1


async def test_own_messages_can_be_edited_and_deleted_and_others_not(as_ada, as_grace):
    said = await as_ada.does("type", channel=support(as_ada), text="teh offer")
    await as_grace.until(lambda _: as_grace.post_with("teh offer"))
    refused = await as_grace.act("edit", channel=support(as_grace), ts=said["ts"], text="mine")
    assert refused == {"ok": False, "error": "Grace did not write that message"}

    await as_ada.does("edit", channel=support(as_ada), ts=said["ts"], text="the offer")
    await as_grace.until(lambda _: as_grace.post_with("the offer"))
    assert as_grace.told["messages"][support(as_grace)][0]["edited"]

    await as_ada.does("delete", channel=support(as_ada), ts=said["ts"])
    await as_grace.until(lambda told: told["messages"][support(as_grace)] == [])


async def test_above_replies_something_stands_in_the_place_of_a_deleted_message(as_ada):
    root = await as_ada.does("type", channel=support(as_ada), text="root")
    await as_ada.does("type", channel=support(as_ada), text="reply", thread_ts=root["ts"])
    await as_ada.does("delete", channel=support(as_ada), ts=root["ts"])
    gone = await as_ada.until(lambda told: [one for one in told["messages"][support(as_ada)] if one["deleted"]])

    assert (gone[0]["ts"], gone[0]["reply_count"]) == (root["ts"], 1)


async def test_what_is_for_one_alone_only_that_one_sees(as_ada, as_grace, client):
    await client.chat_postEphemeral(channel=support(as_ada), user=as_ada.person, text="psst")
    await as_ada.until(lambda _: as_ada.post_with("psst"))
    await as_grace.act("type", channel=support(as_grace), text="after")
    await as_grace.until(lambda _: as_grace.post_with("after"))

    assert as_ada.told["messages"][support(as_ada)][0]["only_for_me"] is True
    assert as_grace.post_with("psst") is None
    await as_ada.until(lambda _: as_ada.channel("support")["unread"] == 1)


async def test_a_changed_message_of_the_app_is_shown_as_it_is_now(as_ada, client):
    posted = await client.chat_postMessage(channel=support(as_ada), text="waiting", blocks=[section("waiting")])
    await as_ada.until(lambda _: as_ada.post_with("waiting"))
    await client.chat_update(channel=posted["channel"], ts=posted["ts"], text="done", blocks=[section("done")])
    await as_ada.until(lambda _: as_ada.post_with("done"))

    assert as_ada.post_with("waiting") is None


@pytest.mark.parametrize(
    ("verb", "what", "says"),
    [
        ("type", {"channel": "C0GONE", "text": "x"}, "That channel does not exist."),
        ("type", {"text": "x"}, "“channel” must be a text."),
        ("type", {"channel": 7, "text": "x"}, "“channel” must be a text."),
        ("type", {"channel": "SUPPORT", "text": "  "}, "There are no words to send."),
        ("type", {"channel": "SUPPORT", "text": "x", "thread_ts": "1.0"}, "That message is not there any more."),
        ("type", {"channel": "SECRET", "text": "x"}, "Ada is not in #secret"),
        ("read", {"channel": "SECRET", "ts": "1.0"}, "Ada is not in #secret."),
        ("dance", {}, "There is no verb 'dance'."),
        ("submit", {"view_id": "V0"}, "No form is open before Ada"),
        ("press", {"where": {"home": True}, "block_id": "b", "action_id": "a"}, "That is not on the screen."),
        ("press", {"where": "home", "block_id": "b", "action_id": "a"}, "“where” must be an object."),
        ("shortcut", {"callback_id": "gone"}, "There is no global shortcut 'gone' in the manifest"),
    ],
)
async def test_what_is_not_possible_is_said_in_a_sentence(as_ada, workspace, verb, what, says):
    names = {"SUPPORT": workspace.channel("support").id, "SECRET": workspace.channel("secret").id}
    given = {name: names.get(value, value) if isinstance(value, str) else value for name, value in what.items()}

    assert await as_ada.act(verb, **given) == {"ok": False, "error": says}


async def test_nobody_acts_as_the_bot_or_as_nobody(as_ada, workspace):
    for person in (workspace.bot.id, "U0GONE"):
        answer = await as_ada.post("/act", {"as": person, "verb": "open_home"})
        assert answer == {"ok": False, "error": f"Nobody here has the id {person}."}


async def test_changes_in_quick_succession_are_told_together(as_ada, workspace):
    told = len(as_ada.snapshots)
    channel = workspace.channel("support")
    for number in range(200):
        workspace.place(Post(channel.id, workspace.next_ts(), as_ada.person, f"number {number}"))
    await as_ada.until(lambda _: as_ada.post_with("number 199"))

    assert len(as_ada.snapshots) - told <= 3


async def test_a_snapshot_of_hundreds_of_posts_is_quick(workspace):
    channel = workspace.channel("support")
    for number in range(800):
        blocks = [section(f"{number} words") for _ in range(6)]
        workspace.place(Post(channel.id, workspace.next_ts(), "U1", f"number {number}", blocks=blocks))
    snapshots = Snapshots(workspace, Seen(), Screens(), ClockPanel(None))
    ada = workspace.member("Ada")
    first = snapshots.take(ada)
    times = []
    for _ in range(9):
        started = time.perf_counter()
        assert snapshots.take(ada) == first
        times.append(time.perf_counter() - started)

    assert min(times) < 0.01

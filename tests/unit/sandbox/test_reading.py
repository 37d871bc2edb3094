"""Messages as people read them, and words as Slack writes them."""

import pytest

from bot.sandbox import composer, mrkdwn, render
from bot.sandbox.model import Json, Post
from bot.sandbox.sight import Named
from tests.unit.sandbox.world import populated

NOON = 1_700_000_000  # 14 November 2023, 23:13 in Berlin, 17:13 in New York


@pytest.fixture
def workspace():
    return populated(clock=lambda: float(NOON))


@pytest.fixture
def eyes(workspace):
    def of(name):
        member = workspace.member(name)
        return mrkdwn.Reader(member.id, member.tz, float(NOON), Named(workspace))

    return of


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("*done*, _verified_ ~never~ `R-4F7K`", "done, verified never R-4F7K"),
        ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name"),
        ("&lt;!channel&gt; &amp; co", "<!channel> & co"),
        ("<!channel>", "@channel"),
        ("<https://example.com|a link> <mailto:a@b.example>", "a link a@b.example"),
        ("```\ncode\n```", "code"),
    ],
)
def test_marks_disappear_and_references_are_named(eyes, written, read):
    assert mrkdwn.plain(written, eyes("Ada")) == read


def test_ids_are_read_as_names(eyes, workspace):
    grace, support = workspace.member("Grace").id, workspace.channel("support").id
    group = workspace.group("approvers").id

    read = mrkdwn.plain(f"<@{grace}> in <#{support}> of <!subteam^{group}>", eyes("Ada"))
    assert read == "@Grace in #support of @approvers"


@pytest.mark.parametrize(
    ("form", "berlin", "new_york"),
    [
        ("{date_num} {time}", "2023-11-14 23:13", "2023-11-14 17:13"),
        ("{date_short_pretty} at {time_secs}", "today at 23:13:20", "today at 17:13:20"),
        ("{date_long}", "Tuesday, November 14th, 2023", "Tuesday, November 14th, 2023"),
        ("{ago}", "now", "now"),
        ("{nonsense}", "{nonsense}", "{nonsense}"),
    ],
)
def test_dates_are_in_the_zone_of_the_reader(eyes, form, berlin, new_york):
    written = f"<!date^{NOON}^{form}|some time>"

    assert (mrkdwn.plain(written, eyes("Ada")), mrkdwn.plain(written, eyes("Grace"))) == (berlin, new_york)


def test_tomorrow_is_tomorrow_where_the_reader_is(eyes):
    written = f"<!date^{NOON + 3600}^{{date_pretty}}|some time>"

    assert mrkdwn.plain(written, eyes("Ada")) == "tomorrow"
    assert mrkdwn.plain(written, eyes("Grace")) == "today"


def text(words, kind="plain_text"):
    return {"type": kind, "text": words}


def test_a_card_reads_as_it_looks(eyes):
    blocks: list[Json] = [
        {"type": "header", "text": text("Grant")},
        {"type": "section", "text": text("*for* Jane", "mrkdwn"), "fields": [text("99 EUR")]},
        {"type": "context", "elements": [text("R-4F7K", "mrkdwn"), {"type": "image", "alt_text": "logo"}]},
        {"type": "divider"},
        {
            "type": "actions",
            "elements": [
                {"type": "button", "action_id": "approve", "text": text("Approve")},
                {"type": "button", "action_id": "deny", "text": text("Deny"), "visible_to_user_ids": ["U0NOBODY"]},
            ],
        },
    ]

    read = render.message(Post("C1", "1.0", "U1", "fallback", blocks=blocks), eyes("Ada"))
    assert read == "Grant\nfor Jane\n99 EUR\nR-4F7K [image: logo]\n———\n[Approve]"


def test_rich_text_is_never_parsed(eyes, workspace):
    grace = workspace.member("Grace").id
    line = {
        "type": "rich_text_section",
        "elements": [{"type": "text", "text": "<!channel> *hi* "}, {"type": "user", "user_id": grace}],
    }
    items: Json = {"type": "rich_text_list", "style": "ordered", "elements": [line, line]}
    blocks: list[Json] = [{"type": "rich_text", "elements": [line, items]}]

    read = render.message(Post("C1", "1.0", "U1", "", blocks=blocks), eyes("Ada"))
    assert read.splitlines() == ["<!channel> *hi* @Grace", "1. <!channel> *hi* @Grace", "2. <!channel> *hi* @Grace"]


def test_newer_blocks_are_read_too(eyes):
    task = {"type": "task_card", "task_id": "1", "title": "Read back", "status": "complete"}
    row = [{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}]
    blocks: list[Json] = [
        {"type": "plan", "title": "Steps", "tasks": [task]},
        {"type": "table", "rows": [row]},
        {"type": "alert", "text": text("Careful")},
        {"type": "card", "title": text("Card"), "actions": [{"type": "button", "text": text("Go")}]},
        {"type": "container", "title": text("Box"), "child_blocks": [{"type": "header", "text": text("Inside")}]},
        {"type": "markdown", "text": "plain"},
        {"type": "video"},
    ]

    read = render.message(Post("C1", "1.0", "U1", "", blocks=blocks), eyes("Ada"))
    lines = ["Steps", "✓ Read back", "a | b", "Careful", "Card", "[Go]", "Box", "Inside", "plain", "[video]"]
    assert read.splitlines() == lines


def test_typed_words_become_references(workspace):
    grace, support = workspace.member("Grace").id, workspace.channel("support").id
    written, [block] = composer.message("@Grace <b> jane+1@example.com in #support, @here", workspace)

    address = "<mailto:jane+1@example.com|jane+1@example.com>"
    assert written == f"<@{grace}> &lt;b&gt; {address} in <#{support}|support>, <!here>"
    kinds = [element["type"] for element in block["elements"][0]["elements"]]
    assert kinds == ["user", "text", "link", "text", "channel", "text", "broadcast"]


def test_a_command_is_escaped_only_where_the_manifest_asks(workspace):
    grace = workspace.member("Grace").id

    assert composer.command("grant @Grace <x>", workspace, should_escape=False) == "grant @Grace <x>"
    assert composer.command("grant @Grace <x>", workspace, should_escape=True) == f"grant <@{grace}|grace> &lt;x&gt;"

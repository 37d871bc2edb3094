"""The Web API refuses what Slack refuses, and answers in Slack's shapes."""

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.model import File
from bot.sandbox.server import LocalSlack
from tests.unit.sandbox.world import populated


def section(words):
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


async def refusal(call):
    with pytest.raises(SlackApiError) as refused:
        await call
    return refused.value.response


async def test_auth_test_says_who_the_bot_is_and_what_it_may(client, workspace):
    answer = await client.auth_test()

    assert (answer["user_id"], answer["team_id"]) == (workspace.bot.id, workspace.team_id)
    assert set(answer.headers["x-oauth-scopes"].split(",")) == workspace.manifest.scopes


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-wrong", "invalid_auth"), ("app", "not_allowed_token_type")],
)
async def test_a_wrong_token_is_refused(slack, token, error):
    given = slack.workspace.app_token if token == "app" else token
    stranger = AsyncWebClient(given, base_url=slack.api_url)

    assert (await refusal(stranger.auth_test()))["error"] == error


async def test_an_unknown_method_is_refused(client):
    assert (await refusal(client.api_call("chat.shout")))["error"] == "unknown_method"


async def test_a_scope_that_was_not_granted_is_named():
    async with LocalSlack(populated(optional_scopes=False)) as slack:
        client = AsyncWebClient(slack.workspace.bot_token, base_url=slack.api_url)
        channel = slack.workspace.channel("support").id
        answer = await refusal(client.conversations_history(channel=channel))

    assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:history")
    assert "chat:write" in answer["provided"]
    assert "channels:history" not in answer["provided"]


async def test_a_missing_scope_of_a_method_is_named(client, workspace):
    answer = await refusal(client.team_info())

    assert (answer["error"], answer["needed"]) == ("missing_scope", "team:read")


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("#random", "not_in_channel"),
        ("#secret", "channel_not_found"),
        ("#nowhere", "channel_not_found"),
        ("C0NOWHERE", "channel_not_found"),
    ],
)
async def test_a_channel_without_the_bot_is_refused(client, channel, error):
    assert (await refusal(client.chat_postMessage(channel=channel, text="x")))["error"] == error


async def test_an_archived_channel_takes_nothing(client, workspace):
    workspace.channel("support").archived = True

    assert (await refusal(client.chat_postMessage(channel="#support", text="x")))["error"] == "is_archived"


async def test_chat_write_public_posts_without_joining(workspace):
    workspace.manifest.scopes.add("chat:write.public")
    async with LocalSlack(workspace) as slack:
        client = AsyncWebClient(workspace.bot_token, base_url=slack.api_url)

        assert (await client.chat_postMessage(channel="#random", text="x"))["ok"]


async def test_a_message_needs_words(client):
    assert (await refusal(client.api_call("chat.postMessage", json={"channel": "#support"})))["error"] == "no_text"


async def test_bad_blocks_are_refused_with_the_place_of_the_fault(client):
    answer = await refusal(client.chat_postMessage(channel="#support", text="x", blocks=[section("y" * 3001)]))

    assert answer["error"] == "invalid_blocks"
    assert "/blocks/0/text" in answer["response_metadata"]["messages"][0]


async def test_blocks_may_come_as_a_form_or_as_json(client):
    form = {"channel": "#support", "text": "x", "blocks": '[{"type": "divider"}]'}

    assert (await client.api_call("chat.postMessage", data=form))["message"]["blocks"][0]["type"] == "divider"
    broken = client.api_call("chat.postMessage", data=form | {"blocks": "[{"})
    assert (await refusal(broken))["error"] == "invalid_blocks_format"


async def test_an_answer_in_a_thread_hangs_on_the_first_message(client):
    first = await client.chat_postMessage(channel="#support", text="card")
    reply = await client.chat_postMessage(channel="#support", text="a", thread_ts=first["ts"])
    second = await client.chat_postMessage(channel="#support", text="b", thread_ts=reply["ts"], reply_broadcast=True)

    answer = await client.conversations_replies(channel=first["channel"], ts=first["ts"])
    history = await client.conversations_history(channel=first["channel"])
    assert [one["text"] for one in answer["messages"]] == ["card", "a", "b"]
    assert answer["messages"][0]["reply_count"] == 2
    assert [one["ts"] for one in history["messages"]] == [second["ts"], first["ts"]]
    assert history["messages"][0]["subtype"] == "thread_broadcast"


async def test_metadata_is_shown_to_those_who_ask_and_survives_an_edit(client):
    metadata = {"event_type": "offerdesk_message", "event_payload": {"key": "R-1:card"}}
    posted = await client.chat_postMessage(channel="#support", text="card", metadata=metadata)
    await client.chat_update(channel=posted["channel"], ts=posted["ts"], text="changed")

    plain = await client.conversations_history(channel=posted["channel"])
    asked = await client.conversations_history(channel=posted["channel"], include_all_metadata=True)
    assert "metadata" not in plain["messages"][0]
    assert asked["messages"][0]["metadata"] == metadata


async def test_text_without_blocks_takes_the_blocks_away(client):
    posted = await client.chat_postMessage(channel="#support", text="card", blocks=[section("card")])
    changed = await client.chat_update(channel=posted["channel"], ts=posted["ts"], text="changed")

    assert "blocks" not in changed["message"]


async def test_only_own_messages_are_changed(client, workspace):
    theirs = await workspace.person("Ada").types("hello", channel="#support")
    where = {"channel": theirs.channel, "ts": theirs.ts}

    assert (await refusal(client.chat_update(**where, text="x")))["error"] == "cant_update_message"
    assert (await refusal(client.chat_delete(**where)))["error"] == "cant_delete_message"
    gone = {"channel": theirs.channel, "ts": "1.000001"}
    assert (await refusal(client.chat_update(**gone, text="x")))["error"] == "message_not_found"


async def test_an_edit_has_its_own_limit(client):
    posted = await client.chat_postMessage(channel="#support", text="x" * 4001)
    changed = client.chat_update(channel=posted["channel"], ts=posted["ts"], text="x" * 4001)

    assert (await refusal(changed))["error"] == "msg_too_long"


async def test_an_ephemeral_is_for_people_in_the_channel(client, workspace):
    mallory, ada = workspace.person("Mallory"), workspace.person("Ada")
    channel = workspace.channel("support").id

    outside = client.chat_postEphemeral(channel=channel, user=mallory.id, text="psst")
    assert (await refusal(outside))["error"] == "user_not_in_channel"
    await client.chat_postEphemeral(channel=channel, user=ada.id, text="psst")
    aside = await ada.sees("psst", in_="ephemeral")
    edit = client.chat_update(channel=channel, ts=aside.ts, text="x")
    assert (await refusal(edit))["error"] == "message_not_found"


async def test_a_direct_message_goes_to_one_person(client, workspace):
    ada, grace = workspace.person("Ada"), workspace.person("Grace")
    opened = await client.conversations_open(users=ada.id)
    await client.chat_postMessage(channel=opened["channel"]["id"], text="for you")
    by_id = await client.chat_postMessage(channel=ada.id, text="once more")

    assert by_id["channel"] == opened["channel"]["id"]
    await ada.sees("for you", in_="dm")
    await grace.does_not_see("for you", during=0)


async def test_a_deactivated_person_gets_no_direct_message(client, workspace):
    ada = workspace.person("Ada")
    opened = await client.conversations_open(users=ada.id)
    workspace.change_person("Ada", deleted=True)

    assert (await refusal(client.conversations_open(users=ada.id)))["error"] == "user_disabled"
    assert (await refusal(client.chat_postMessage(channel=opened["channel"]["id"], text="x")))[
        "error"
    ] == "user_disabled"


async def test_people_are_described_with_zone_and_rights(client, workspace):
    gus, grace = workspace.person("Gus"), workspace.person("Grace")
    stranger = workspace.add_person("Sam", team_id="T0ELSEWHERE")

    assert (await client.users_info(user=gus.id))["user"]["is_restricted"] is True
    assert (await client.users_info(user=grace.id, include_locale=True))["user"]["locale"] == "en-US"
    found = (await client.users_info(user=grace.id))["user"]
    assert (found["tz"], found["tz_offset"] in (-18000, -14400)) == ("America/New_York", True)
    assert (await client.users_info(user=stranger.id))["user"]["team_id"] == "T0ELSEWHERE"
    assert "email" not in (await client.users_info(user=workspace.person("Ada").id))["user"]["profile"]
    assert (await refusal(client.users_info(user="U0NOBODY")))["error"] == "user_not_found"


async def test_lists_come_in_pages(client, workspace):
    names, cursor, pages = [], "", 0
    while pages == 0 or cursor:
        page = await client.users_list(limit=2, cursor=cursor)
        names += [one["name"] for one in page["members"]]
        cursor, pages = page["response_metadata"]["next_cursor"], pages + 1

    assert pages == 3
    assert names == ["offerdesk", "ada", "grace", "mallory", "gus"]
    assert (await refusal(client.users_list(cursor="nonsense")))["error"] == "invalid_cursor"


async def test_groups_and_their_members_are_listed(client, workspace):
    [group] = (await client.usergroups_list())["usergroups"]

    assert group["handle"] == "approvers"
    members = await client.usergroups_users_list(usergroup=group["id"])
    assert members["users"] == [workspace.person("Grace").id]
    assert (await refusal(client.usergroups_users_list(usergroup="S0NONE")))["error"] == "no_such_subteam"


async def test_channels_say_who_is_in_them(client, workspace):
    support = workspace.channel("support").id
    members = await client.conversations_members(channel=support)

    assert workspace.person("Ada").id in members["members"]
    assert (await client.conversations_info(channel=support))["channel"]["is_member"] is True
    hidden = client.conversations_info(channel=workspace.channel("secret").id)
    assert (await refusal(hidden))["error"] == "channel_not_found"
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert [one["name"] for one in listed["channels"]] == ["support", "random"]


async def test_a_file_is_uploaded_shared_and_read(client, workspace, slack):
    channel = workspace.channel("support").id
    await client.files_upload_v2(channel=channel, filename="result.csv", content="a,b\n", initial_comment="done")

    message = await workspace.person("Ada").sees("result.csv", in_="#support")
    [file] = message.raw["files"]
    assert (await client.files_info(file=file["id"]))["file"]["size"] == 4
    with_token = {"Authorization": f"Bearer {workspace.bot_token}"}
    async with ClientSession() as browser:
        async with browser.get(file["url_private_download"], headers=with_token) as answer:
            assert await answer.read() == b"a,b\n"
        async with browser.get(file["url_private_download"]) as answer:
            assert "Sign in" in await answer.text()


async def uploaded(client, content=b"a,b\n", *, name="result.csv"):
    """The first two of the three steps; return the file's id."""
    place = await client.files_getUploadURLExternal(filename=name, length=len(content))
    async with ClientSession() as http, http.post(place["upload_url"], data=content) as answer:
        assert answer.status == 200
    return place["file_id"]


async def test_a_file_is_shared_as_an_answer_in_a_thread(client, workspace):
    channel = workspace.channel("support").id
    card = await client.chat_postMessage(channel=channel, text="card")
    listed = [{"id": await uploaded(client), "title": "The result"}]
    await client.files_completeUploadExternal(files=listed, channel_id=channel, thread_ts=card["ts"])

    answers = (await client.conversations_replies(channel=channel, ts=card["ts"]))["messages"]
    assert [[file["title"] for file in one.get("files", [])] for one in answers] == [[], ["The result"]]


async def test_what_is_not_shared_stays_unseen(client, workspace):
    file = await uploaded(client)
    await client.files_completeUploadExternal(files=[{"id": file}])

    assert (await client.files_info(file=file))["file"]["name"] == "result.csv"
    assert workspace.person("Ada").messages("#support") == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"files": []}, "invalid_arguments"),
        ({"files": ["F1"]}, "invalid_arguments"),
        ({"files": [{"id": "F1"}]}, "file_not_found"),
        ({"thread_ts": "1.2"}, "invalid_arguments"),
        ({"channel_id": "C1"}, "channel_not_found"),
        ({"channel_id": "support", "thread_ts": "1.2"}, "thread_not_found"),
    ],
)
async def test_an_upload_is_completed_only_as_documented(client, workspace, given, code):
    given = {"files": [{"id": await uploaded(client)}]} | given
    if given.get("channel_id") == "support":
        given["channel_id"] = workspace.channel("support").id

    assert (await refusal(client.api_call("files.completeUploadExternal", json=given)))["error"] == code


async def test_nobodys_upload_but_the_bots_own_is_completed(client, workspace):
    theirs = File("F0THEIRS", "list.csv", workspace.person("Ada").id, content=b"x", shared=True)
    workspace.files[theirs.id] = theirs

    assert (await refusal(client.files_completeUploadExternal(files=[{"id": theirs.id}])))["error"] == "file_not_found"


async def test_a_file_that_is_deleted_is_gone_from_everywhere(client, workspace):
    channel = workspace.channel("support").id
    file = await uploaded(client)
    await client.files_completeUploadExternal(files=[{"id": file}], channel_id=channel)
    await client.files_delete(file=file)

    assert workspace.person("Ada").messages("#support") == []
    assert (await refusal(client.files_info(file=file)))["error"] == "file_not_found"
    assert (await refusal(client.files_delete(file=file)))["error"] == "file_not_found"


async def test_files_need_their_scopes(client, workspace):
    file = await uploaded(client)
    await client.files_completeUploadExternal(files=[{"id": file}])
    shown = (await client.files_info(file=file))["file"]
    workspace.manifest.scopes -= {"files:read", "files:write"}

    assert (await refusal(client.files_info(file=file)))["needed"] == "files:read"
    assert (await refusal(client.files_getUploadURLExternal(filename="x", length=1)))["needed"] == "files:write"
    assert (await refusal(client.files_completeUploadExternal(files=[{"id": file}])))["needed"] == "files:write"
    with_token = {"Authorization": f"Bearer {workspace.bot_token}"}
    async with ClientSession() as http, http.get(shown["url_private_download"], headers=with_token) as answer:
        assert "Sign in" in await answer.text()


async def test_a_files_address_carries_its_name_safely(client):
    file = await uploaded(client, name="Käufer & co/2026 #1.csv")
    await client.files_completeUploadExternal(files=[{"id": file}])

    address = (await client.files_info(file=file))["file"]["url_private_download"]
    assert address.endswith("/download/K%C3%A4ufer%20%26%20co%2F2026%20%231.csv")


async def test_a_permalink_leads_to_the_message(client):
    posted = await client.chat_postMessage(channel="#support", text="card")
    link = await client.chat_getPermalink(channel=posted["channel"], message_ts=posted["ts"])

    assert link["permalink"].endswith(f"/archives/{posted['channel']}/p{posted['ts'].replace('.', '')}")


async def test_every_call_is_in_the_journal_without_its_token(client, workspace):
    await client.chat_postMessage(channel="#support", text="card")

    [call] = workspace.journal.called("chat.postMessage")
    assert (call.status, call.ok, call.args["text"]) == (200, True, "card")
    assert workspace.bot_token not in str(workspace.journal)

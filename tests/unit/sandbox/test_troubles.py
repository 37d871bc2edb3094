"""Slack on a bad day: refusals, limits, lost answers, silence."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.limits import BURST_PER_CHANNEL
from bot.sandbox.model import CannotDo


def post(client, text="hello"):
    return client.chat_postMessage(channel="#support", text=text)


async def test_a_method_refuses_as_often_as_told(client, workspace, ada):
    workspace.troubles.refuse("chat.postMessage", "fatal_error", times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError, match="fatal_error"):
            await post(client)
    await post(client)

    assert [call.ok for call in workspace.journal.called("chat.postMessage")] == [False, False, True]
    assert workspace.journal.refused == []


async def test_a_limit_says_when_to_come_again(client, workspace):
    workspace.troubles.limit("chat.postMessage", retry_after=7)
    with pytest.raises(SlackApiError) as refused:
        await post(client)

    assert (refused.value.response.status_code, refused.value.response["error"]) == (429, "ratelimited")
    assert refused.value.response.headers["Retry-After"] == "7"


async def test_the_sdk_obeys_the_limit(slack, workspace):
    client = AsyncWebClient(workspace.bot_token, base_url=slack.api_url, retry_handlers=[])
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=3))
    for number in range(BURST_PER_CHANNEL + 2):
        await post(client, str(number))

    statuses = [call.status for call in workspace.journal.called("chat.postMessage")]
    assert 429 in statuses
    assert statuses.count(200) == BURST_PER_CHANNEL + 2


async def test_posts_are_limited_in_each_channel_alone(client, workspace):
    workspace.limits.enforced = True
    for _ in range(BURST_PER_CHANNEL):
        await post(client)
    with pytest.raises(SlackApiError, match="ratelimited"):
        await post(client)

    await client.chat_postMessage(channel=workspace.person("Ada").id, text="elsewhere")


async def test_a_broken_server_answers_no_json(client, workspace):
    workspace.troubles.fail("chat.postMessage", status=503)
    with pytest.raises(SlackApiError) as refused:
        await post(client)

    assert refused.value.response.status_code == 503


async def test_a_connection_can_break_before_anything_is_done(client, workspace, ada):
    workspace.troubles.drop_before("chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await post(client)

    await ada.does_not_see("hello", during=0)


async def test_an_answer_can_be_lost_after_the_message_was_posted(client, workspace, ada):
    workspace.troubles.drop_after("chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await post(client)

    await ada.sees("hello", in_="#support")


async def test_an_answer_can_be_slow(client, workspace):
    workspace.troubles.slow("chat.postMessage", 0.05)
    await post(client)

    assert workspace.journal.called("chat.postMessage")[0].seconds >= 0.05


async def test_a_trouble_can_concern_some_calls_only(client, workspace, ada):
    trouble = workspace.troubles.refuse("chat.postMessage", "fatal_error")
    trouble.when = lambda args: args["text"] == "bad"
    await post(client, "good")

    with pytest.raises(SlackApiError, match="fatal_error"):
        await post(client, "bad")


async def test_slack_can_be_down_altogether(client, slack, workspace, ada):
    slack.go_down()
    with pytest.raises(aiohttp.ClientError):
        await post(client)
    with pytest.raises(CannotDo, match="down"):
        await ada.types("/offer", channel="#support")
    slack.come_back()

    await post(client)

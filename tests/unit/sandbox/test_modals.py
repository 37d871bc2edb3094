"""Triggers, the stack and the hash of views."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import payloads
from bot.sandbox.model import CannotDo
from bot.sandbox.server import LocalSlack
from tests.unit.sandbox.world import populated


def modal(words="hello", **more):
    text = {"type": "plain_text", "text": words}
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": words}}]
    return {"type": "modal", "title": text, "blocks": blocks} | more


class Clock:
    def __init__(self):
        self.now = 1_700_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def workspace(clock):
    return populated(clock=clock)


@pytest.fixture
async def client(workspace):
    async with LocalSlack(workspace) as slack:
        yield AsyncWebClient(workspace.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def trigger(workspace):
    ada = workspace.member("Ada")
    return lambda **where: workspace.modals.trigger(ada, **where)


async def error(call):
    with pytest.raises(SlackApiError) as refused:
        await call
    return refused.value.response["error"]


async def test_a_trigger_opens_one_view(client, trigger):
    once = trigger()
    await client.views_open(trigger_id=once, view=modal())

    assert await error(client.views_open(trigger_id=once, view=modal())) == "exchanged_trigger_id"
    assert await error(client.views_open(trigger_id="1.2.3", view=modal())) == "invalid_trigger_id"


@pytest.mark.parametrize(("seconds", "late"), [(3.0, False), (3.01, True)])
async def test_a_trigger_lives_three_seconds(client, trigger, clock, seconds, late):
    given = trigger()
    clock.now += seconds
    opening = client.views_open(trigger_id=given, view=modal())

    if late:
        assert await error(opening) == "expired_trigger_id"
    else:
        assert (await opening)["ok"]


async def test_a_bad_view_does_not_use_the_trigger_up(client, trigger):
    given = trigger()

    assert await error(client.views_open(trigger_id=given, view=modal("x" * 25))) == "invalid_arguments"
    assert (await client.views_open(trigger_id=given, view=modal()))["ok"]


async def test_no_more_than_three_views_lie_on_each_other(client, trigger):
    await client.views_open(trigger_id=trigger(), view=modal())
    for _ in range(2):
        pushed = await client.views_push(trigger_id=trigger(in_view=True), view=modal())

    assert pushed["view"]["previous_view_id"] != pushed["view"]["root_view_id"]
    assert await error(client.views_push(trigger_id=trigger(in_view=True), view=modal())) == "push_limit_reached"


async def test_an_update_with_an_old_hash_is_refused(client, trigger):
    view = (await client.views_open(trigger_id=trigger(), view=modal()))["view"]
    new = await client.views_update(view_id=view["id"], hash=view["hash"], view=modal("new"))

    assert await error(client.views_update(view_id=view["id"], hash=view["hash"], view=modal())) == "hash_conflict"
    assert (await client.views_update(view_id=view["id"], hash=new["view"]["hash"], view=modal()))["ok"]


async def test_a_view_is_found_by_its_external_id(client, trigger, workspace):
    await client.views_open(trigger_id=trigger(), view=modal(external_id="R-1"))
    await client.views_update(external_id="R-1", view=modal("found", external_id="R-1"))

    await workspace.person("Ada").sees("found", in_="view")
    again = client.views_push(trigger_id=trigger(in_view=True), view=modal(external_id="R-1"))
    assert await error(again) == "duplicate_external_id"


async def test_a_closed_view_cannot_be_updated(client, trigger, workspace):
    view = (await client.views_open(trigger_id=trigger(), view=modal()))["view"]
    await workspace.person("Ada").closes()

    assert await error(client.views_update(view_id=view["id"], view=modal())) == "not_found"


async def test_a_form_is_not_sent_while_the_client_finds_fault(client, trigger, workspace):
    name = {"type": "plain_text_input", "action_id": "name", "max_length": 5}
    block = {"type": "input", "block_id": "name", "label": {"type": "plain_text", "text": "Name"}, "element": name}
    submit = {"submit": {"type": "plain_text", "text": "Send"}}
    await client.views_open(trigger_id=trigger(), view=modal(**submit) | {"blocks": [block]})
    ada = workspace.person("Ada")

    with pytest.raises(CannotDo, match="required"):
        await ada.submits()
    with pytest.raises(CannotDo, match="at most 5"):
        await ada.submits(name="too long")
    with pytest.raises(CannotDo, match="no field 'other'; it has name"):
        await ada.fills(other="x")
    assert workspace.journal.delivered("view_submission") == []


async def test_a_conversation_chosen_in_a_form_gets_its_response_url(client, trigger, workspace):
    select = {"type": "conversations_select", "action_id": "channel", "response_url_enabled": True}
    label = {"type": "plain_text", "text": "Where"}
    block = {"type": "input", "block_id": "channel", "label": label, "element": select}
    view = modal(submit={"type": "plain_text", "text": "Send"}) | {"blocks": [block]}
    await client.views_open(trigger_id=trigger(), view=view)
    ada = workspace.person("Ada")
    await ada.fills(channel="#support")

    payload = payloads.submission(workspace, ada.member, ada.member.modals[-1])
    [given] = payload["response_urls"]
    assert (given["block_id"], given["channel_id"]) == ("channel", workspace.channel("support").id)

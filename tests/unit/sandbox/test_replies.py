"""Response URLs: five uses, half an hour, own messages only."""

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient


@pytest.fixture
def link(slack, workspace, ada):
    """A response URL as a command in #support would bring it."""

    def fresh(original=None):
        channel = workspace.channel("support")
        return workspace.reply_link(ada.member, channel, path="actions", original=original and original.post)

    return fresh


def hook(address):
    return AsyncWebhookClient(address, retry_handlers=[])


async def test_five_answers_and_no_more(link, ada):
    given = link()
    for number in range(5):
        assert (await hook(given).send(text=f"answer {number}")).status_code == 200

    refused = await hook(given).send(text="answer 5")
    assert (refused.status_code, "used_url" in refused.body) == (404, True)
    await ada.does_not_see("answer 5", during=0)


async def test_half_an_hour_and_no_longer(link, workspace):
    given = link()
    now = workspace.clock()
    workspace.clock = lambda: now + 1801

    assert "expired_url" in (await hook(given).send(text="late")).body


async def test_an_answer_is_private_unless_said_otherwise(link, ada, workspace):
    await hook(link()).send(text="for Ada")
    await hook(link()).send(text="for all", response_type="in_channel")

    assert (await ada.sees("for Ada")).is_ephemeral
    await workspace.person("Grace").sees("for all")
    await workspace.person("Grace").does_not_see("for Ada", during=0)


async def test_an_original_is_replaced_or_deleted_only_when_it_is_ours(link, ada, client):
    await client.chat_postMessage(channel="#support", text="the card")
    card = await ada.sees("the card")
    theirs = await ada.types("a question", channel="#support")

    await hook(link(card)).send(text="the card, changed", replace_original=True)
    await hook(link(theirs)).send(text="not replaced", replace_original=True)
    assert (card.plain, theirs.plain) == ("the card, changed", "a question")
    await hook(link(card)).send(text="", delete_original=True)
    assert card.deleted


async def test_an_ephemeral_is_replaced_and_stays_private(link, ada, workspace):
    await hook(link()).send(text="first")
    aside = await ada.sees("first", in_="ephemeral")
    await hook(link(aside)).send(text="second", replace_original=True)

    assert aside.plain == "second"
    assert len(ada.messages("ephemeral")) == 1


async def test_bad_blocks_are_refused(link):
    refused = await hook(link()).send(text="x", blocks=[{"type": "nonsense"}])

    assert "invalid_blocks" in refused.body


async def test_a_made_up_address_answers_nothing(slack):
    assert (await hook(f"{slack.workspace.base_url}/actions/T0/R0/made-up").send(text="x")).status_code == 404

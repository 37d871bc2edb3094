"""What became of a list is given as a file in the thread: once, to whoever may read the thread, and to nobody else."""

from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from bot.domain.errors import NotDelivered, Undeliverable
from bot.domain.outcome_file import Outcome
from bot.domain.request import MessageKind, State
from bot.ports import Delivery
from bot.slack import uploads
from bot.slack.calls import CallFailed
from bot.slack.messenger import SlackMessenger
from bot.slack.pace import Pace
from tests.unit.slack.cases import SCENE, a_bulk, a_message, an_event
from tests.unit.slack.test_files import a_server
from tests.unit.slack.test_messenger import a_card
from tests.unit.slack.town import a_town

NAME = "R-4F7K-9.csv"


async def outcomes(request_id):
    yield Outcome(2, "jane@example.com", "Bundle", "done", "verified")
    yield Outcome(3, "=1+1", request_id, "unusable", "no address")


async def a_messenger(town):
    return SlackMessenger(
        town.client,
        scene=replace(SCENE, writes_files=True),
        installation=await town.installation(),
        clock=town.clock,
        pace=Pace(town.clock, interval=0.0),
        outcomes=outcomes,
    )


def a_list(card_ts, name="request.succeeded", **fields):
    message = a_message(MessageKind.FILE, parent="R-4F7K/card", event=9, **({"attempts": 1} | fields))
    thread = a_message(MessageKind.CARD, channel="C0OFFERS", ts=card_ts)
    event = replace(an_event(name), at=0.0)
    return Delivery(message=message, case=a_bulk(State.SUCCEEDED), event=event, thread=thread)


def given(town):
    return [(post, file) for post in town.posts() for file in post.files]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("request.succeeded", "R-4F7K: what became of each row"),
        ("request.prepared", "R-4F7K: what was found for each row"),
        ("request.returned", "R-4F7K: what was found for each row"),
    ],
)
async def test_a_list_stands_in_the_thread_as_a_file(name, title):
    async with a_town() as town:
        messenger = await a_messenger(town)
        _, card = await messenger.deliver(a_card())
        channel, _ = await messenger.deliver(a_list(card, name))

        ((post, file),) = given(town)
        assert (channel, post.thread_ts, file.name, file.title) == ("C0OFFERS", card, NAME, title)
        assert file.content.decode("utf-8-sig").splitlines() == [
            "row,customer,offer,outcome,why,days,reason",
            "2,jane@example.com,Bundle,done,verified,,",
            "3,'=1+1,R-4F7K,cannot be used,no address,,",
        ]


async def test_a_file_whose_card_is_gone_stands_in_the_channel():
    async with a_town() as town:
        messenger = await a_messenger(town)
        await messenger.deliver(a_list("1.000001"))

        ((post, _),) = given(town)
        assert post.thread_ts is None


async def test_a_file_that_was_given_already_is_found_by_its_name():
    async with a_town() as town:
        messenger = await a_messenger(town)
        _, card = await messenger.deliver(a_card())
        await messenger.deliver(a_list(card))
        _, found = await messenger.deliver(a_list(card, attempts=2))

        ((_, file),) = given(town)
        assert found == file.id


async def test_another_list_is_not_taken_for_it():
    async with a_town() as town:
        messenger = await a_messenger(town)
        _, card = await messenger.deliver(a_card())
        await messenger.deliver(a_list(card))
        later = a_list(card, attempts=2)
        await messenger.deliver(replace(later, message=replace(later.message, event=12)))

        assert [file.name for _, file in given(town)] == [NAME, "R-4F7K-12.csv"]


async def test_a_file_that_is_wanted_anew_takes_the_place_of_the_old_one():
    async with a_town() as town:
        messenger = await a_messenger(town)
        _, card = await messenger.deliver(a_card())
        channel, old = await messenger.deliver(a_list(card))
        _, new = await messenger.deliver(a_list(card, channel=channel, ts=old, version=2))
        _, again = await messenger.deliver(a_list(card, channel=channel, ts=old, version=2, attempts=2))

        ((_, file),) = given(town)
        assert old not in town.world.files
        assert new not in town.world.files
        assert file.id == again


async def test_a_list_that_is_wanted_anew_before_anybody_heard_of_it_is_given_anew():
    async with a_town() as town:
        messenger = await a_messenger(town)
        _, card = await messenger.deliver(a_card())
        _, unheard = await messenger.deliver(a_list(card))
        _, found = await messenger.deliver(a_list(card, version=2, attempts=2))

        ((_, file),) = given(town)
        assert unheard not in town.world.files
        assert file.id == found


async def test_of_copies_one_stays():
    async with a_town() as town:
        messenger = await a_messenger(town)
        _, card = await messenger.deliver(a_card())
        places = [await messenger.deliver(a_list(card)) for _ in range(3)]
        channel, file_id = places[0]
        await messenger.withdraw_copies(a_list(card, channel=channel, ts=file_id))

        ((_, file),) = given(town)
        assert file.id == file_id


async def test_whoever_wakes_after_the_lease_gives_nothing():
    async with a_town() as town:
        messenger = await a_messenger(town)
        with pytest.raises(NotDelivered, match="late"):
            await messenger.deliver(a_list("1.000001", due=town.clock()))

        assert given(town) == []


async def test_where_the_scope_was_taken_away_words_say_how_to_get_the_list():
    async with a_town() as town:
        messenger = await a_messenger(town)
        _, card = await messenger.deliver(a_card())
        town.world.manifest.scopes -= {"files:write"}
        await messenger.deliver(a_list(card))

        assert "python -m bot requests export R-4F7K" in town.posts()[-1].text
        assert given(town) == []


@pytest.mark.parametrize(
    ("method", "code", "raised"),
    [
        ("files.getUploadURLExternal", "ratelimited", NotDelivered),
        ("files.completeUploadExternal", "internal_error", NotDelivered),
        ("files.completeUploadExternal", "channel_not_found", Undeliverable),
    ],
)
async def test_what_slack_does_not_take_is_tried_again_where_that_can_help(method, code, raised):
    async with a_town() as town:
        messenger = await a_messenger(town)
        town.world.troubles.refuse(method, code)

        with pytest.raises(raised):
            await messenger.deliver(a_list(""))


@pytest.mark.parametrize("status", [200, 302, 500])
async def test_the_token_does_not_go_to_the_address_of_an_upload(status):
    async def answer(_):
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    async with a_server(answer) as (client, origin, asked):

        async def call(method, **_):
            assert method == client.files_getUploadURLExternal
            return {"upload_url": f"{origin}/upload/1", "file_id": "F1"}

        caller: Any = call
        giving = uploads.stored(caller, client, a_message(MessageKind.FILE, event=9), outcomes)
        if status == 200:
            assert await giving == "F1"
        else:
            with pytest.raises(CallFailed):
                await giving
        assert asked == [("/upload/1", None)]

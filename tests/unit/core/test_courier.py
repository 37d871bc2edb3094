import asyncio
from collections import deque

import pytest

from bot.courier import BREATH, PATIENCE, SETTLED, TRIES, Courier
from bot.domain.errors import NotDelivered, StoreUnavailable, Undeliverable
from bot.domain.request import MessageKind
from tests.unit.core.world import LEASE


class Screen:
    """A messenger that shows everything, but for what was put down to go wrong first."""

    def __init__(self):
        self.troubles: deque[Exception] = deque()
        self.shown = []
        #: where those messages stand whose copies were taken away
        self.tidied = []

    async def deliver(self, delivery):
        if self.troubles:
            trouble = self.troubles.popleft()
            if trouble is HANGS:
                await asyncio.sleep(60)
            raise trouble
        self.shown.append(delivery.message.key)
        return delivery.message.to, f"{len(self.shown)}.000100"

    async def withdraw_copies(self, delivery):
        self.tidied.append((delivery.message.channel, delivery.message.ts))


#: in place of an error: Slack never answers
HANGS = TimeoutError()


class Post:
    """A request whose messages are owed, and the courier who brings them."""

    def __init__(self, core, case):
        self.core, self.case, self.screen = core, case, Screen()
        self.courier = Courier(core.store, self.screen, core.clock, LEASE)

    async def claims(self):
        return list(await self.core.store.claim_messages(now=self.core.clock(), lease=LEASE, limit=10))

    async def round(self):
        """Deliver what is due; return the kinds of messages it was."""
        due = await self.claims()
        for delivery in due:
            await self.courier.deliver(delivery)
        return [delivery.message.kind for delivery in due]


@pytest.fixture
async def post(core):
    return Post(core, await core.asked())


async def test_what_is_shown_is_written_down_and_not_shown_again(post):
    assert await post.round() == [MessageKind.CARD]
    assert await post.round() == [MessageKind.ASK]
    assert await post.round() == []
    post.core.clock.passes(LEASE * 2)
    assert await post.round() == []
    assert len(post.screen.shown) == 2
    assert await post.core.store.in_thread("CSALES", "1.000100") == post.case.request.id


async def test_it_is_tried_again_when_slack_said_so(post):
    post.screen.troubles.append(NotDelivered("ratelimited", retry_after=17))
    await post.round()

    post.core.clock.passes(16.9)
    assert await post.round() == []
    post.core.clock.passes(0.1)
    assert await post.round() == [MessageKind.CARD]
    assert len(post.screen.shown) == 1


async def test_without_a_word_from_slack_the_pauses_double_up_to_a_minute(post):
    post.screen.troubles.extend([NotDelivered("fatal_error") for _ in range(8)])
    pauses = []
    await post.round()
    while not post.screen.shown:
        began = post.core.clock()
        while not await post.round():
            post.core.clock.passes(1)
        pauses.append(post.core.clock() - began)

    assert pauses == [2, 4, 8, 16, 32, PATIENCE, PATIENCE, PATIENCE]


async def test_what_can_never_be_shown_is_ended_and_told_to_the_requester(post):
    post.screen.troubles.append(Undeliverable("is_archived"))

    await post.round()

    due = await post.claims()
    assert [(one.message.kind, one.message.to) for one in due] == [(MessageKind.DIRECT, "UADA")]
    assert "message.undeliverable" in await post.core.events(post.case)


async def test_slack_that_never_answers_is_asked_again(core, lines):
    post = Post(core, await core.asked())
    post.courier = Courier(core.store, post.screen, core.clock, 0.05)
    post.screen.troubles.append(HANGS)

    await post.round()

    assert '"timeout"' in lines()
    core.clock.passes(2)
    assert await post.round() == [MessageKind.CARD]


async def test_a_fault_of_ours_is_tried_a_few_times_then_holds_nothing_up(core, lines):
    post = Post(core, await core.asked())
    post.screen.troubles.extend([KeyError("effects") for _ in range(TRIES)])
    rounds = []
    while "message.undeliverable" not in await core.events(post.case):
        rounds += await post.round()
        core.clock.passes(PATIENCE)

    assert rounds == [MessageKind.CARD] * TRIES
    assert "KeyError" in lines()
    assert [one.message.kind for one in await post.claims()] == [MessageKind.DIRECT]


async def test_what_is_shown_while_the_disk_is_full_is_written_down_when_it_has_room(post):
    delivered, refusals = post.core.store.delivered, [StoreUnavailable("full"), StoreUnavailable("full")]

    async def without_room(message, **place):
        if refusals:
            raise refusals.pop()
        await delivered(message, **place)

    post.core.store.delivered = without_room
    await asyncio.wait_for(post.round(), 20 * BREATH)

    post.core.clock.passes(LEASE * 2)
    assert await post.round() == [MessageKind.ASK]
    assert post.screen.shown[0].endswith("/card")


async def test_a_disk_that_stays_full_is_left_to_the_next_lease(post):
    async def without_room(message, **place):
        post.core.clock.passes(LEASE)
        raise StoreUnavailable("full")

    post.core.store.delivered = without_room
    (card,) = await post.claims()

    with pytest.raises(StoreUnavailable):
        await asyncio.wait_for(post.courier.deliver(card), 20 * BREATH)


async def test_what_changed_while_it_was_being_shown_is_shown_once_more(post):
    (card,) = await post.claims()
    await post.core.decides(post.case)

    await post.courier.deliver(card)

    assert MessageKind.CARD in await post.round()


@pytest.mark.parametrize("trouble", [None, NotDelivered("late"), NotDelivered("connection_lost")])
async def test_what_was_shown_after_the_lease_was_lost_does_not_stand_beside_the_others_message(post, trouble):
    (frozen,) = await post.claims()
    post.core.clock.passes(LEASE)
    await post.round()
    if trouble is not None:
        post.screen.troubles.append(trouble)
    await post.courier.deliver(frozen)

    assert post.screen.tidied == [("CSALES", "1.000100")]
    assert await post.core.store.in_thread("CSALES", "1.000100") == post.case.request.id


async def test_whoever_took_it_over_is_waited_for(post):
    (frozen,) = await post.claims()
    post.core.clock.passes(LEASE)
    (taken_over,) = await post.claims()
    tidying = asyncio.create_task(post.courier.deliver(frozen))
    await asyncio.sleep(SETTLED * 1.5)
    assert post.screen.tidied == []
    await post.courier.deliver(taken_over)
    await tidying

    assert post.screen.tidied == [("CSALES", "2.000100")]


async def test_whoever_took_it_over_is_waited_for_until_their_lease_is_over(core):
    post = Post(core, await core.asked())
    post.courier = Courier(core.store, post.screen, core.clock, 3.0)
    (frozen,) = await post.claims()
    core.clock.passes(LEASE)
    (taken_over,) = await post.claims()
    tidying = asyncio.create_task(post.courier.deliver(frozen))
    await asyncio.sleep(SETTLED * (TRIES + 2.5))
    assert not tidying.done()
    await post.courier.deliver(taken_over)
    await tidying

    assert post.screen.tidied == [("CSALES", "2.000100")]


async def test_nothing_is_looked_for_as_long_as_the_lease_was_held(post):
    post.screen.troubles.append(NotDelivered("connection_lost"))
    await post.round()
    post.core.clock.passes(PATIENCE)
    await post.round()

    assert post.screen.tidied == []

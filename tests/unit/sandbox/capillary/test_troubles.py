"""Each trouble does what its name says, and every call is remembered without its secrets."""

from __future__ import annotations

import re

import httpx
import pytest

from bot.sandbox.capillary import TROUBLES, troubles
from bot.sandbox.remote.troubles import COMMON
from tests.contract.capillary_world import GRANT, KEY, TOKENS, codes, results


def test_the_table_names_every_trouble():
    described = re.findall(r"^    (\w+) {2,}", troubles.__doc__ or "", flags=re.MULTILINE)

    assert [*COMMON, *described] == list(TROUBLES)


@pytest.mark.parametrize(("name", "done"), [("timeout_before", False), ("timeout_after", True)])
async def test_a_lost_answer_tells_nothing_about_the_work(world, name, done):
    world.capillary.trouble(name, path=GRANT, closed=True)
    with pytest.raises(httpx.RemoteProtocolError):
        await world.client.bulk("EARN", world.voucher, world.jane)

    assert bool(world.capillary.holds(world.jane)) is done


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [("forbidden", 403, 4000), ("undecided", 503, 4001), ("server_error", 500, 500), ("rate_limited", 429, 429)],
)
async def test_signals_have_capillarys_codes(world, name, status, code):
    world.capillary.trouble(name, path=GRANT)
    answer = await world.client.bulk("EARN", world.voucher, world.jane)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)
    assert not world.capillary.holds(world.jane)


async def test_a_refusal_fails_every_item_in_the_words_given(world):
    world.capillary.trouble("refused", path=GRANT, detail="Sold out", code=9999)
    answer = await world.client.bulk("EARN", world.voucher, world.jane, world.sam)

    assert codes(answer) == [[9999], [9999]]
    assert answer.json()["response"][0]["errors"][0]["message"] == "Sold out"
    assert not world.capillary.writes


async def test_a_customer_may_be_busy_for_once(world):
    world.capillary.trouble("busy", path=GRANT, times=1)

    assert codes(await world.client.bulk("EARN", world.voucher, world.jane)) == [[521]]
    assert codes(await world.client.bulk("EARN", world.voucher, world.jane)) == [[]]


async def test_a_limit_that_is_used_up_looks_like_a_success(world):
    world.capillary.trouble("used_up", path=GRANT)
    answer = await world.client.bulk("EARN", world.voucher, world.jane)

    assert (codes(answer), answer.json()["failureCount"]) == ([[8890]], 0)
    assert not {"issualId", "earnedId"} & set(results(answer)[0])
    assert not world.capillary.holds(world.jane)


async def test_a_forgotten_grant_was_never_made(world):
    world.capillary.trouble("forget", path=GRANT)
    (told,) = results(await world.client.bulk("EARN", world.voucher, world.jane))

    assert told["earnedId"]
    assert (world.capillary.holds(world.jane), world.capillary.effects.total()) == (set(), 0)


async def test_an_answer_may_be_about_somebody_else(world):
    world.capillary.trouble("mistaken", instead=7)
    (told,) = results(await world.client.bulk("EARN", world.voucher, world.jane))

    assert told["entityId"] == 7
    assert (await world.client.held(world.jane)).json()["customerId"] == 7


async def test_a_write_can_be_late_to_be_seen(world):
    world.capillary.trouble("lag", path=GRANT, seconds=40)
    await world.client.bulk("EARN", world.voucher, world.jane)

    assert await world.client.timelines(world.jane, world.voucher) == []
    world.clock.now += 40
    assert len(await world.client.timelines(world.jane, world.voucher)) == 1


async def test_a_write_can_be_missed_by_one_read(world):
    world.capillary.trouble("lag", path=GRANT)
    await world.client.bulk("EARN", world.voucher, world.jane)

    assert [len(await world.client.timelines(world.jane, world.voucher)) for _ in range(2)] == [0, 1]


async def test_a_token_can_end_in_the_middle_of_the_work(world):
    world.capillary.trouble("expired_token", path=GRANT, times=1)
    assert (await world.client.bulk("EARN", world.voucher, world.jane)).status_code == 401
    await world.client.authenticate()
    assert codes(await world.client.bulk("EARN", world.voucher, world.jane)) == [[]]


async def test_calls_are_remembered_without_secrets(world):
    await world.client.authenticate()
    (first, second) = world.capillary.called("POST", TOKENS)

    assert (first.body, second.body) == ({"key": KEY["key"]}, {"key": KEY["key"]})
    await world.client.bulk("EARN", world.voucher, world.jane)
    (call,) = world.capillary.called("POST", GRANT)
    assert (call.status, call.trouble, call.body["bulkAction"]) == (200, None, "EARN")


async def test_an_unknown_trouble_or_option_is_refused_at_once(world):
    with pytest.raises(LookupError):
        world.capillary.trouble("flood")
    with pytest.raises(TypeError):
        world.capillary.trouble("refused", colour="red")

"""Troubles come late, end, and are limited to some calls."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bot.sandbox.kajabi import LocalKajabi
from tests.contract.kajabi_world import ids, offers_of, served


async def test_a_write_is_seen_after_some_reads_of_each_address(world):
    world.trouble("lag", reads=2)
    await world.grant()
    having = f"/v1/contacts?filter[has_offer_id]={world.bundle.id}"

    assert world.done
    relationship = [await world.client.granted(world.jane) for _ in range(3)]
    listed = [ids(await world.client.get(having)) for _ in range(3)]
    assert relationship == [set(), set(), {world.bundle.id}]
    assert listed == [set(), set(), {world.jane.id}]


async def test_a_write_is_seen_after_some_time(world):
    world.trouble("lag", seconds=5)
    await world.grant()

    assert await world.client.granted(world.jane) == set()
    world.clock.now += 5
    assert await world.client.granted(world.jane) == {world.bundle.id}


async def test_a_revoke_lags_in_grants_and_purchases(world):
    purchase = world.kajabi.purchase(world.jane, world.bundle)
    world.kajabi.grant(world.jane, world.bundle)
    world.trouble("lag", method="DELETE", seconds=5)
    await world.client.revoke(world.jane, world.bundle)

    assert world.kajabi.holds(world.jane) == set()
    assert await world.client.granted(world.jane) == {world.bundle.id}
    assert ids(await world.client.get("/v1/purchases?filter[active]=true")) == {purchase.id}
    shown = (await world.client.get(f"/v1/purchases/{purchase.id}")).json()["data"]["attributes"]
    assert shown["deactivated_at"] is None
    world.clock.now += 5
    assert await world.client.granted(world.jane) == set()
    assert ids(await world.client.get("/v1/purchases?filter[active]=true")) == set()


async def test_a_new_contact_is_listed_late(world):
    world.trouble("lag", path="/v1/contacts", reads=1)
    answer = await world.client.create("new@example.com", site_id=world.jane.site_id)
    new = answer.json()["data"]["id"]
    query = {"filter[email_contains]": "new@example.com"}

    assert ids(await world.client.get("/v1/contacts", **query)) == set()
    assert ids(await world.client.get("/v1/contacts", **query)) == {new}


async def test_a_write_can_be_late_to_be_seen_and_unanswered(world):
    world.trouble("lag", reads=1)
    world.trouble("timeout_after", closed=True)

    with pytest.raises(httpx.RemoteProtocolError):
        await world.grant()
    assert [await world.client.granted(world.jane) for _ in range(2)] == [set(), {world.bundle.id}]


# Where and how long


async def test_a_trouble_meets_its_method_and_path_only(world):
    trouble = world.trouble("forbidden", times=None)

    assert (await world.client.get(offers_of(world.jane))).status_code == 200
    assert (await world.client.create("new@example.com", site_id=world.jane.site_id)).status_code == 201
    assert (await world.grant()).status_code == 403
    assert trouble.seen == 1


async def test_troubles_of_one_address_happen_in_turn(world):
    world.trouble("server_error", times=2)
    world.trouble("forbidden")
    statuses = [(await world.grant()).status_code for _ in range(4)]

    assert statuses == [500, 500, 403, 200]


async def test_a_trouble_lasts_until_it_is_stopped(world):
    with world.kajabi.trouble("unavailable"):
        assert [(await world.client.get("/v1/me")).status_code for _ in range(3)] == [503, 503, 503]
    assert (await world.client.get("/v1/me")).status_code == 200
    world.kajabi.trouble("unavailable")
    world.kajabi.calm()
    assert (await world.client.get("/v1/me")).status_code == 200


async def test_an_unknown_trouble_or_option_is_refused_when_it_is_switched_on(world):
    with pytest.raises(LookupError, match="earthquake"):
        world.kajabi.trouble("earthquake")
    with pytest.raises(TypeError):
        world.kajabi.trouble("html", colour="red")


async def test_the_end_of_the_local_kajabi_ends_every_wait():
    kajabi = LocalKajabi()
    async with asyncio.timeout(3), served(kajabi, patience=10) as client:
        kajabi.trouble("timeout_before", times=1)
        kajabi.trouble("held", times=1)
        kajabi.trouble("late", times=1, seconds=60)
        waits = [asyncio.create_task(client.get("/v1/me")) for _ in range(3)]
        await kajabi.until_called("GET", times=3)
        await kajabi.shut()
        ends = await asyncio.gather(*waits, return_exceptions=True)

    assert sum(isinstance(end, httpx.TransportError) for end in ends) >= 1
    assert len(ends) == 3


async def test_a_kajabi_that_was_shut_comes_back_at_its_address_with_its_account(world):
    world.kajabi.grant(world.jane, world.bundle)
    await world.kajabi.shut()
    with pytest.raises(httpx.ConnectError):
        await world.client.granted(world.jane)

    await world.kajabi.open()
    assert await world.client.granted(world.jane) == {world.bundle.id}


# The limit


async def test_calls_over_the_limit_are_refused_until_time_has_passed(world):
    world.kajabi.limit(2, burst=2, retry_after=1)

    assert [(await world.client.get("/v1/me")).status_code for _ in range(4)] == [200, 200, 429, 429]
    world.clock.now += 0.5
    assert [(await world.client.get("/v1/me")).status_code for _ in range(2)] == [200, 429]
    assert world.kajabi.limiter is not None
    assert world.kajabi.limiter.refused == 3

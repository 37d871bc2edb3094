"""Tokens, tills and unknown addresses are answered as the pages say."""

from __future__ import annotations

import base64

import pytest

from tests.contract.capillary_world import KEY, LIST, TOKENS

PROGRAMS = "/v2/organization/programs"


async def test_a_key_buys_a_token_for_five_minutes(world):
    answer = await world.client.authenticate()
    told = answer.json()

    assert (told["errors"], told["data"]["ttlSeconds"]) == (None, 300)
    world.clock.now += 299
    assert (await world.client.get(PROGRAMS)).status_code == 200
    world.clock.now += 1
    assert (await world.client.get(PROGRAMS)).status_code == 401


@pytest.mark.parametrize(
    "given", [KEY | {"secret": "guessed"}, {"key": "nobody", "secret": "secret"}, {"key": "key"}, {"key": 1}]
)
async def test_a_wrong_key_or_secret_gets_no_token(world, given):
    answer = await world.client.http.post(TOKENS, json=given)

    assert (answer.status_code, answer.json()["data"]) == (401, None)


async def test_a_token_request_that_is_no_json_gets_no_token(world):
    assert (await world.client.http.post(TOKENS, data=KEY)).status_code == 401


async def test_an_old_token_can_be_told_from_a_wrong_one(world):
    world.conduct.expired_status = 498
    world.capillary.expire_tokens()
    assert (await world.client.get(PROGRAMS)).status_code == 498
    world.capillary.rotate_key("key", "another")
    assert (await world.client.get(PROGRAMS)).status_code == 401
    assert (await world.client.authenticate()).status_code == 401
    assert (await world.client.authenticate(key="key", secret="another")).status_code == 200


async def test_a_token_travels_bare(world):
    world.client.http.headers["X-CAP-API-OAUTH-TOKEN"] = f"Bearer {next(iter(world.capillary.access.tokens))}"

    assert (await world.client.get(PROGRAMS)).status_code == 401


@pytest.mark.parametrize(
    ("user", "password", "status"),
    [
        ("till.1", "5f4dcc3b5aa765d61d8327deb882cf99", 200),
        ("till.1", "password", 401),
        ("till.2", "5f4dcc3b5aa765d61d8327deb882cf99", 401),
    ],
)
async def test_a_till_shows_the_md5_of_its_password(world, user, password, status):
    del world.client.http.headers["X-CAP-API-OAUTH-TOKEN"]
    value = base64.b64encode(f"{user}:{password}".encode()).decode()

    answer = await world.client.http.get(PROGRAMS, headers={"Authorization": f"Basic {value}"})
    assert answer.status_code == status


async def test_what_is_no_basic_value_opens_nothing(world):
    for value in ("Basic ???", "Basic /w==", "Bearer x", ""):
        answer = await world.client.http.get(PROGRAMS, headers={"Authorization": value})
        assert answer.status_code == 401


async def test_an_unknown_address_gets_a_page(world):
    answer = await world.client.get("/v2/nothing")

    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


async def test_reads_that_are_phased_out_may_be_gone(world):
    world.conduct.legacy_reads = "gone"
    for path in (f"{LIST}?limit=1&offset=1", "/api_gateway/loyalty/v1/programs/1/promotions/1/get"):
        assert (await world.client.get(path)).status_code == 404


async def test_a_minute_has_so_many_calls(world):
    world.capillary.limit_per_minute(2)
    assert [(await world.client.get(PROGRAMS)).status_code for _ in range(3)] == [200, 200, 429]
    world.clock.now += 30
    assert (await world.client.get(PROGRAMS)).status_code == 200

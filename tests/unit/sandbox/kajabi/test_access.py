"""Tokens, unknown addresses and wrong bodies are answered as Kajabi answers them."""

from __future__ import annotations

import pytest

from tests.contract.kajabi_world import KEY, offers_of


async def test_a_wrong_secret_gets_a_flat_error(world):
    answer = await world.client.authenticate(**(KEY | {"client_secret": "guessed"}))

    assert answer.status_code == 401
    assert answer.json() == {"error": "Invalid client credentials"}
    assert answer.headers["Content-Type"] == "application/json"


async def test_an_empty_or_json_token_request_gets_a_400(world):
    assert (await world.client.http.post("/v1/oauth/token")).status_code == 400
    assert (await world.client.http.post("/v1/oauth/token", json=KEY)).status_code == 400


async def test_a_token_names_its_life_and_ends_with_it(world):
    answer = await world.client.authenticate()
    life = answer.json()["expires_in"]

    world.clock.now += life - 1
    assert (await world.client.get("/v1/me")).status_code == 200
    world.clock.now += 1
    assert (await world.client.get("/v1/me")).status_code == 401


async def test_a_refresh_token_outlives_its_token_but_not_a_rotated_key(world):
    refresh = (await world.client.authenticate()).json()["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    world.kajabi.expire_tokens()
    assert (await world.client.get("/v1/me")).status_code == 401

    assert (await world.client.authenticate(**form)).status_code == 200
    world.kajabi.rotate_key("id", "another")
    assert (await world.client.get("/v1/me")).status_code == 401
    assert (await world.client.authenticate(**form)).status_code == 401
    assert (await world.client.authenticate(**(KEY | {"client_secret": "another"}))).status_code == 200


async def test_a_missing_and_a_bad_token_get_the_same_401_with_a_null_source(world):
    world.client.token = "nonsense"
    bad = await world.client.get("/v1/offers")
    missing = await world.client.http.get("/v1/offers")

    assert bad.status_code == missing.status_code == 401
    assert bad.json() == missing.json()
    assert bad.json()["errors"][0]["source"] is None
    assert bad.headers["Content-Type"] == "application/vnd.api+json"


async def test_the_version_needs_no_token(world):
    assert (await world.client.http.get("/v1/version")).json()["meta"]["version"] == "1.1.0"


# Addresses and bodies


@pytest.mark.parametrize("path", ["/", "/v2/offers", "/v1/contacts/3001/offers", "/v1/grants"])
async def test_an_unknown_path_is_answered_with_a_page(world, path):
    answer = await world.client.get(path)

    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


async def test_replacing_all_offers_of_a_contact_is_not_possible(world):
    world.kajabi.grant(world.jane, world.bundle)
    answer = await world.client.send("PATCH", offers_of(world.jane), {"data": []})

    assert answer.status_code == 404
    assert world.kajabi.granted(world.jane) == {world.bundle.id}


@pytest.mark.parametrize("kind", ["contacts", "customers", "offers", "products", "sites", "purchases"])
async def test_an_unknown_id_is_a_404_document(world, kind):
    answer = await world.client.get(f"/v1/{kind}/9999999")

    assert answer.status_code == 404
    assert answer.json()["errors"][0]["status"] == "404"


async def test_a_write_that_is_not_json_api_is_refused(world):
    path, body = offers_of(world.jane), {"data": [{"type": "offers", "id": world.bundle.id}]}
    answer = await world.client.http.post(path, json=body, headers=world.client.headers())

    assert answer.status_code == 415
    assert world.kajabi.granted(world.jane) == set()


@pytest.mark.parametrize("content", [{}, [], {"data": {}}, {"data": [{"type": "tags", "id": "1"}]}, {"data": [{}]}])
async def test_a_body_without_offers_is_a_400(world, content):
    assert (await world.client.send("POST", offers_of(world.jane), content)).status_code == 400
    assert (await world.client.send("DELETE", offers_of(world.jane), content)).status_code == 400


async def test_a_revoke_without_a_body_does_nothing(world):
    world.kajabi.grant(world.jane, world.bundle)
    headers = world.client.headers() | {"Content-Type": "application/vnd.api+json"}
    answer = await world.client.http.request("DELETE", offers_of(world.jane), headers=headers)

    assert answer.status_code == 400
    assert world.kajabi.granted(world.jane) == {world.bundle.id}

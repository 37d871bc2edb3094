"""The local Kajabi remembers what was asked and what it changed."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.contract.kajabi_world import ids, offers_of


async def test_calls_are_remembered_without_secrets(world):
    world.kajabi.calls.clear()
    answer = await world.client.authenticate()
    refresh = answer.json()["refresh_token"]
    await world.client.authenticate(grant_type="refresh_token", refresh_token=refresh)
    await world.client.grant(world.jane, world.bundle, send_customer_welcome_email=False)

    remembered = repr(world.kajabi.calls)
    assert not any(secret in remembered for secret in ("secret'", refresh, world.client.token))
    token, _, grant = world.kajabi.calls
    assert token.body == {"grant_type": "client_credentials", "client_id": "id"}
    assert (grant.method, grant.path, grant.status) == ("POST", offers_of(world.jane), 200)
    assert grant.body["meta"] == {"send_customer_welcome_email": False}
    assert grant.at == world.clock.now


async def test_one_waits_for_calls_by_method_and_path(world):
    await world.client.get("/v1/me")
    calls = await world.kajabi.until_called("GET", "/v1/*")

    assert [call.path for call in calls] == ["/v1/me"]
    with pytest.raises(TimeoutError):
        await world.kajabi.until_called("DELETE", within=0.01)


async def test_changes_in_kajabi_itself_are_no_effects_of_the_bot(world):
    world.kajabi.grant(world.jane, world.bundle)
    world.kajabi.revoke("jane@example.com", world.bundle.id)

    assert not world.kajabi.effects
    assert not world.kajabi.writes
    assert world.kajabi.mails == []
    assert json.loads((await world.client.get(offers_of(world.jane))).content)["data"] == []


async def test_a_deleted_contact_is_gone_everywhere(world):
    world.kajabi.purchase(world.jane, world.club)
    world.kajabi.delete_contact(world.jane)

    assert (await world.client.get(offers_of(world.jane))).status_code == 404
    for kind in ("contacts", "customers", "purchases"):
        assert ids(await world.client.get(f"/v1/{kind}")) == set()


# Exchanges


async def test_an_exchange_tells_whether_its_answer_was_spoilt(world):
    world.trouble("broken_json")
    await world.grant()
    await world.client.granted(world.jane)
    spoilt, sound = world.exchanges[-2:]

    assert (spoilt.method, spoilt.troubled, sound.method, sound.troubled) == ("POST", True, "GET", False)
    assert sound.url == world.kajabi.url + offers_of(world.jane)
    assert sound.request_headers["Authorization"].startswith("Bearer ")
    assert sound.response_headers["Content-Type"] == "application/vnd.api+json"


async def test_an_exchange_without_an_answer_has_no_status(world):
    world.trouble("timeout_after", closed=True)
    with pytest.raises(httpx.RemoteProtocolError):
        await world.grant()

    assert (world.exchanges[-1].status, world.exchanges[-1].response_body) == (None, b"")

"""The local Kajabi against the OpenAPI documents, and the judge itself against false witnesses."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.sandbox.kajabi import Conduct, Contact, Exchange, LocalKajabi, Offer, Product, Purchase
from bot.sandbox.kajabi.api import ROUTES, TOKEN
from tests.contract.deviations import DEVIATIONS
from tests.contract.kajabi_world import JSON_API, Client, offers_of, served
from tests.contract.openapi import DOCUMENTS, OpenApiWitness, load


@dataclass(kw_only=True)
class World:
    kajabi: LocalKajabi
    client: Client
    witness: OpenApiWitness
    lead: Contact
    member: Contact
    bundle: Offer
    club: Offer
    course: Product
    bought: Purchase


@pytest.fixture(params=["pages", "total"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    witness = OpenApiWitness()
    kajabi = LocalKajabi(conduct=Conduct(meta=request.param), on_exchange=witness)
    kajabi.add_site("Academy")
    course = kajabi.add_product("Course", description="All of it")
    bundle = kajabi.add_offer("Bundle", price_in_cents=19_900, products=[course], description="Everything")
    club = kajabi.add_offer("Club", price_in_cents=900, subscription=True)
    lead = kajabi.add_contact("lead@example.com", "Lea Lead")
    member = kajabi.add_contact("member@example.com", "Mia Member")
    bought = kajabi.purchase(member, club)
    async with served(kajabi) as client:
        yield World(
            kajabi=kajabi,
            client=client,
            witness=witness,
            lead=lead,
            member=member,
            bundle=bundle,
            club=club,
            course=course,
            bought=bought,
        )


async def visit_everything(world: World) -> None:
    client, kajabi = world.client, world.kajabi
    customer, site = world.member.customer_id, world.lead.site_id
    for path in (
        "/v1/me",
        "/v1/version",
        "/v1/sites?filter[subdomain_cont]=a&sort=-title",
        f"/v1/sites/{site}",
        "/v1/offers?page[size]=1",
        "/v1/offers?page[size]=1&page[number]=2",
        "/v1/offers?fields[offers]=price_in_cents&filter[title_cont]=b&sort=title",
        f"/v1/offers/{world.bundle.id}?include=products&fields[products]=publish_status",
        "/v1/offers/1",
        f"/v1/offers/{world.bundle.id}/relationships/products",
        f"/v1/products/{world.course.id}",
        f"/v1/contacts?filter[site_id]={site}&filter[email_contains]=e",
        f"/v1/contacts/{world.lead.id}?include=offers,customer",
        f"/v1/contacts/{world.member.id}?include=offers,customer",
        "/v1/customers?sort=name",
        f"/v1/customers/{customer}?include=contact,offers,products",
        f"/v1/purchases?filter[active]=true&filter[customer_id]={customer}&page[size]=100",
        f"/v1/purchases/{world.bought.id}",
    ):
        await client.get(path)
    await client.grant(world.lead, world.bundle, send_customer_welcome_email=False)
    await client.grant(world.lead, world.bundle)
    await client.granted(world.lead)
    await client.revoke(world.lead, world.bundle)
    await client.create("new@example.com", site_id=site)
    await client.create("new@example.com", site_id=site)
    with kajabi.trouble("server_error", times=1):
        await client.get(offers_of(world.lead))


async def test_every_endpoint_agrees_with_the_documents(world):
    await visit_everything(world)

    world.witness.assert_agreement()
    document = load("kajabi-1.1.0.yaml")
    answered = {
        (call.method, operation[0])
        for call in world.kajabi.calls
        if call.status in {200, 201} and (operation := document.operation(call.method, call.path))
    }
    assert answered == {*ROUTES, TOKEN}


async def test_every_deviation_is_needed(world):
    await visit_everything(world)

    for deviation in DEVIATIONS:
        others = [each for each in DEVIATIONS if each is not deviation]
        strict = OpenApiWitness(others)
        strict.exchanges = world.witness.exchanges

        assert strict.disagreements(), deviation.name


def test_the_local_kajabi_serves_exactly_what_the_documents_declare():
    declared = {
        (method.upper(), route)
        for name in DOCUMENTS
        for route, methods in load(name).raw["paths"].items()
        for method in methods
    }

    assert declared == {*ROUTES, TOKEN}


@pytest.fixture
def grant() -> Exchange:
    return Exchange(
        method="POST",
        url="http://127.0.0.1:1/v1/contacts/7/relationships/offers",
        request_headers={"Authorization": "Bearer x", "Content-Type": JSON_API},
        request_body=b'{"data": [{"type": "offers", "id": "1"}], "meta": {"send_customer_welcome_email": false}}',
        status=200,
        response_headers={"Content-Type": JSON_API},
        response_body=b'{"data": [{"type": "offers", "id": "1"}]}',
        troubled=False,
    )


def judged(exchange: Exchange) -> list[str]:
    witness = OpenApiWitness()
    witness(exchange)
    return [str(seen) for seen in witness.disagreements()]


def test_a_grant_as_documented_is_agreed_to(grant):
    assert judged(grant) == []


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"url": "http://127.0.0.1:1/v1/contacts/7/offers"}, id="an undeclared path"),
        pytest.param({"method": "PATCH"}, id="an undeclared method"),
        pytest.param({"url": "http://127.0.0.1:1/v1/contacts/7/relationships/offers?filter[email]=a"}, id="a filter"),
        pytest.param({"request_headers": {"Content-Type": JSON_API}}, id="no authorization"),
        pytest.param(
            {"request_headers": {"Authorization": "Bearer x", "Content-Type": "application/json"}},
            id="another media type in the request",
        ),
        pytest.param({"request_body": b'{"data": [{"id": "1"}]}'}, id="an identifier without a type"),
        pytest.param({"request_body": b'{"data": [{"type": "offers", "id": 1}]}'}, id="a number for an id"),
        pytest.param({"request_body": b'{"data": [], "meta": {"send_welcome": false}}'}, id="a misspelt member"),
        pytest.param({"request_body": b'{"data": ['}, id="half a request"),
        pytest.param({"response_body": b'{"data": [{"id": "1"}]}'}, id="an answer without a type"),
        pytest.param({"response_body": b'{"dato": []}'}, id="a misspelt answer"),
        pytest.param({"response_body": b"{"}, id="half an answer"),
        pytest.param({"response_headers": {"Content-Type": "text/html"}}, id="another media type in the answer"),
        pytest.param({"status": 202}, id="an undeclared success"),
        pytest.param({"troubled": True, "request_body": b"{}"}, id="a wrong request in a trouble"),
    ],
)
def test_what_the_documents_do_not_allow_is_told(grant: Exchange, wrong: dict[str, Any]):
    assert len(judged(dataclasses.replace(grant, **wrong))) >= 1


def test_a_spoilt_answer_is_not_judged(grant):
    assert judged(dataclasses.replace(grant, troubled=True, status=500, response_body=b"oops")) == []


def test_one_item_of_a_long_list_that_differs_is_found(grant):
    offers = [{"id": str(number), "type": "offers", "attributes": {"title": "A"}} for number in range(100)]
    offers[70]["attributes"] = {"title": "A", "price_in_cents": "9"}
    listed = dataclasses.replace(
        grant,
        method="GET",
        url="http://127.0.0.1:1/v1/offers",
        request_body=b"",
        response_body=json.dumps({"data": offers}).encode(),
    )

    assert "kajabi-1.0.1" in " ".join(judged(listed))
    assert "kajabi-1.1.0" in " ".join(judged(listed))


async def test_a_written_relationship_is_read_at_the_same_address(world):
    await world.client.grant(world.lead, world.bundle)

    written, read = world.witness.exchanges[-1], (await world.client.get(offers_of(world.lead))).content
    assert json.loads(written.response_body) == json.loads(read)

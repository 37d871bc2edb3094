"""Contacts are found and created as documented, with the traps on the way."""

from __future__ import annotations

import pytest

from tests.contract.kajabi_world import ids


async def test_an_address_is_only_ever_contained_never_equal(world):
    neighbour = world.kajabi.add_contact("mary.jane@example.com")
    both = {world.jane.id, neighbour.id}

    assert ids(await world.client.get("/v1/contacts", **{"filter[email_contains]": "JANE@EXAMPLE.COM"})) == both
    assert ids(await world.client.get("/v1/contacts", **{"filter[search]": "jane@example.com"})) == both


async def test_an_unknown_filter_is_ignored_so_that_the_newest_contact_comes_first(world):
    newest = world.kajabi.add_contact("someone@example.com")
    answer = await world.client.get("/v1/contacts?filter[email]=jane@example.com")

    assert answer.json()["data"][0]["id"] == newest.id
    world.conduct.unknown_filter = "refused"
    assert (await world.client.get("/v1/contacts?filter[email]=jane@example.com")).status_code == 400


async def test_a_plus_that_is_not_encoded_is_a_space(world):
    plus = world.kajabi.add_contact("jane+spam@example.com")

    assert ids(await world.client.get("/v1/contacts?filter[email_contains]=jane+spam@example.com")) == set()
    assert ids(await world.client.get("/v1/contacts?filter[email_contains]=jane%2Bspam@example.com")) == {plus.id}


async def test_links_as_on_the_wire_lose_the_plus(world):
    world.conduct.meta = "total"
    for number in range(2):
        world.kajabi.add_contact(f"jane+{number}@example.com")
    first = await world.client.get("/v1/contacts?filter[email_contains]=jane%2B&page[size]=1")
    second = await world.client.get(first.json()["links"]["next"])

    assert second.json()["data"] == []


async def test_with_several_sites_a_list_of_contacts_must_name_one(world):
    other = world.kajabi.add_site("Second")
    twin = world.kajabi.add_contact("jane@example.com", site=other)

    assert (await world.client.get("/v1/contacts")).status_code == 400
    assert ids(await world.client.get(f"/v1/contacts?filter[site_id]={other.id}")) == {twin.id}
    world.conduct.missing_site_filter = "ignored"
    assert ids(await world.client.get("/v1/contacts")) == {world.jane.id, twin.id}


async def test_contacts_are_found_by_the_offer_they_have_or_lack(world):
    poor = world.kajabi.add_contact("poor@example.com")
    world.kajabi.grant(world.jane, world.bundle)

    assert ids(await world.client.get(f"/v1/contacts?filter[has_offer_id]={world.bundle.id}")) == {world.jane.id}
    assert ids(await world.client.get(f"/v1/contacts?filter[has_no_offer_id]={world.bundle.id}")) == {poor.id}


@pytest.mark.parametrize(
    ("form", "customer"), [("empty", {"customer": {"data": None}}), ("null", {"customer": None}), ("missing", {})]
)
async def test_a_lead_has_no_customer(world, form, customer):
    world.conduct.no_customer = form
    data = (await world.client.get(f"/v1/contacts/{world.jane.id}")).json()["data"]

    assert {name: value for name, value in data["relationships"].items() if name == "customer"} == customer
    assert "links" not in data


async def test_a_list_links_to_the_offers_and_a_single_contact_names_them_if_asked(world):
    world.kajabi.grant(world.jane, world.bundle)
    listed = (await world.client.get("/v1/contacts?include=offers")).json()["data"][0]
    single = (await world.client.get(f"/v1/contacts/{world.jane.id}?include=offers")).json()

    assert set(listed["relationships"]["offers"]) == {"links"}
    assert [each["id"] for each in single["data"]["relationships"]["offers"]["data"]] == [world.bundle.id]
    assert [each["attributes"]["title"] for each in single["included"]] == ["Bundle"]


async def test_a_contact_is_created_once_per_site_and_address(world):
    first = await world.client.create("New+One@example.com", site_id=world.jane.site_id, name="New One")
    again = await world.client.create("new+one@EXAMPLE.com", site_id=world.jane.site_id)
    other = await world.client.create("new+one@example.com", site_id=world.kajabi.add_site("Second").id)

    assert (first.status_code, again.status_code, other.status_code) == (201, 422, 201)
    assert "already been taken" in again.json()["errors"][0]["detail"]
    contact = world.kajabi.contact(first.json()["data"]["id"])
    assert (contact.email, contact.name) == ("New+One@example.com", "New One")
    assert world.kajabi.effects["create", contact.id, ""] == 1


async def test_a_contact_needs_a_site_and_a_deliverable_address(world):
    world.kajabi.refuse_mail_to("@bounces.example.com")
    site_id = world.jane.site_id

    assert (await world.client.create("new@example.com", site_id="999")).status_code == 400
    assert (await world.client.create("no address", site_id=site_id)).status_code == 422
    for address in ("x@nowhere.invalid", "x@bounces.example.com"):
        answer = await world.client.create(address, site_id=site_id)
        assert (answer.status_code, answer.json()["errors"][0]["detail"]) == (422, "Undeliverable address")

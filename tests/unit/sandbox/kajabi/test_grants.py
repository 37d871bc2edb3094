"""Grants and revokes do what is known, and what is not known can be switched."""

from __future__ import annotations

import pytest

from tests.contract.kajabi_world import ids


async def test_a_grant_answers_with_what_is_granted_and_makes_a_customer(world):
    answer = await world.client.grant(world.jane, world.bundle)

    assert answer.status_code == 200
    assert answer.json()["data"] == [{"id": world.bundle.id, "type": "offers"}]
    assert world.jane.customer_id not in {None, world.jane.id}
    assert await world.client.granted(world.jane) == world.kajabi.holds("jane@example.com") == {world.bundle.id}


async def test_the_welcome_mail_goes_out_unless_forbidden(world):
    await world.client.grant(world.jane, world.bundle, send_customer_welcome_email=False)
    assert world.kajabi.mails == []

    await world.client.grant(world.jane, world.club)
    assert [(mail.to, mail.offer_id) for mail in world.kajabi.mails] == [("Jane@example.com", world.club.id)]


async def test_the_welcome_mail_may_be_for_new_customers_only(world):
    world.conduct.welcome_mail = "new customers"
    await world.client.grant(world.jane, world.bundle)
    await world.client.grant(world.jane, world.club)

    assert [mail.offer_id for mail in world.kajabi.mails] == [world.bundle.id]


@pytest.mark.parametrize(
    ("way", "status", "effects"), [("refused", 422, 1), ("unchanged", 200, 1), ("repeated", 200, 2)]
)
async def test_a_second_grant(world, way, status, effects):
    world.conduct.second_grant = way
    await world.client.grant(world.jane, world.bundle)
    answer = await world.client.grant(world.jane, world.bundle)

    assert answer.status_code == status
    footprint = ("grant", world.jane.id, world.bundle.id)
    assert (world.kajabi.writes[footprint], world.kajabi.effects[footprint]) == (2, effects)
    assert len(world.kajabi.mails) == effects


@pytest.mark.parametrize(("way", "status"), [("refused", 422), ("unchanged", 200)])
async def test_a_revoke_of_what_is_not_held(world, way, status):
    world.conduct.revoke_of_nothing = way
    answer = await world.client.revoke(world.jane, world.bundle)

    footprint = ("revoke", world.jane.id, world.bundle.id)
    assert answer.status_code == status
    assert (world.kajabi.writes[footprint], world.kajabi.effects[footprint]) == (1, 0)


@pytest.mark.parametrize(
    ("way", "status", "done"), [("partly", 404, True), ("nothing", 404, False), ("skipped", 200, True)]
)
async def test_known_and_unknown_offers_in_one_grant(world, way, status, done):
    world.conduct.mixed_ids = way
    answer = await world.client.grant(world.jane, world.bundle, "999")

    assert answer.status_code == status
    assert (world.bundle.id in world.kajabi.granted(world.jane)) is done


async def test_an_unknown_offer_is_a_404(world):
    assert (await world.client.grant(world.jane, "999")).status_code == 404
    assert (await world.client.revoke(world.jane, "999")).status_code == 404


@pytest.mark.parametrize(("way", "status"), [("refused", 422), ("granted", 200)])
async def test_a_grant_of_an_archived_offer(world, way, status):
    world.conduct.archived_grant = way
    world.kajabi.archive(world.bundle)

    assert (await world.client.grant(world.jane, world.bundle)).status_code == status
    assert (world.bundle.id in world.kajabi.granted(world.jane)) is (status == 200)


async def test_a_bought_offer_is_held_but_not_among_the_granted(world):
    world.kajabi.purchase(world.jane, world.club)

    assert world.kajabi.holds(world.jane) == {world.club.id}
    assert await world.client.granted(world.jane) == set()
    world.conduct.purchases_in_relationship = True
    assert await world.client.granted(world.jane) == {world.club.id}


async def test_a_revoke_deactivates_purchases_too_and_payments_go_on(world):
    purchase = world.kajabi.purchase(world.jane, world.club)
    world.kajabi.grant(world.jane, world.club)
    answer = await world.client.revoke(world.jane, world.club)
    shown = (await world.client.get(f"/v1/purchases/{purchase.id}")).json()["data"]["attributes"]

    assert (answer.status_code, answer.json()["data"]) == (200, [])
    assert world.kajabi.holds(world.jane) == set()
    assert shown["deactivated_at"] is not None
    assert shown["deactivation_reason"].startswith("Revoked by")
    assert (shown["payment_type"], shown["status"]) == ("subscription", "active")


async def test_purchases_are_filtered_by_customer_site_and_activity(world):
    buyer = world.kajabi.add_contact("buyer@example.com", site=world.kajabi.add_site("Second"))
    active = world.kajabi.purchase(world.jane, world.club)
    ended = world.kajabi.purchase(
        world.jane, world.bundle, deactivated_at="2026-01-01T00:00:00.000Z", reason="Refunded"
    )
    other = world.kajabi.purchase(buyer, world.club)

    async def listed(query: str) -> set[str]:
        return ids(await world.client.get(f"/v1/purchases?{query}"))

    assert await listed(f"filter[customer_id]={world.jane.customer_id}") == {active.id, ended.id}
    assert await listed("filter[active]=true") == await listed("filter[deactivated]=false") == {active.id, other.id}
    assert await listed("filter[deactivated]=true") == await listed("filter[active]=false") == {ended.id}
    assert await listed(f"filter[site_id]={buyer.site_id}") == {other.id}

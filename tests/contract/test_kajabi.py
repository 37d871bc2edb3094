from dataclasses import replace

import pytest

from bot.domain.errors import ContactAmbiguous, Rejected, Unavailable
from bot.domain.request import Action, Contact, Offer, Reading
from bot.providers.kajabi import words
from bot.providers.kajabi.effects import effects
from bot.providers.kajabi.meaning import holdings_from
from bot.sandbox.kajabi import Conduct
from tests.contract.provider_worlds import by_address, change, kajabi_world, read, write


@pytest.fixture
async def world():
    async with kajabi_world() as world:
        yield world


def paths(world) -> list[str]:
    return [f"{one.method} {one.path}" for one in world.local.calls if "oauth" not in one.path]


# --- who is meant --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("meta", ["pages", "total"])
async def test_only_the_exact_address_counts_however_many_contain_it(meta):
    async with kajabi_world(conduct=Conduct(meta=meta, largest_page=2)) as world:
        wanted = world.contact("Jane+Tag@Example.com")
        for number in range(7):
            world.contact(f"x{number}jane+tag@example.com")
        reading = await read(world.provider, by_address(replace(wanted, address="jane+tag@example.com")))

        assert reading.contact is not None
        assert reading.contact.id == wanted.id
        assert len(world.local.called("GET", "/v1/contacts")) == 4


async def test_a_contact_that_only_resembles_is_nobody(world):
    world.contact("xjane@example.com")

    assert (await read(world.provider, Contact(provider="kajabi", address="jane@example.com"))).contact is None


async def test_two_contacts_with_one_address_are_nobodys_choice(world):
    jane = world.contact("jane@example.com")
    world.contact("JANE@example.com")

    with pytest.raises(ContactAmbiguous):
        await read(world.provider, by_address(jane))


async def test_an_answer_about_somebody_else_is_no_answer(world):
    jane = world.contact("jane@example.com")
    world.local.trouble("mistaken", method="GET", path=f"/v1/contacts/{jane.id}", kind="contacts")

    with pytest.raises(Unavailable):
        await read(world.provider, jane)


async def test_purchases_of_somebody_else_prove_nothing(world):
    jane = world.contact("jane@example.com")
    world.local.purchase(jane.address, world.offer("Bundle"))
    world.local.trouble("mistaken", method="GET", path="/v1/purchases", kind="customers")

    with pytest.raises(Unavailable):
        await read(world.provider, by_address(jane))


async def test_the_same_address_on_another_site_is_somebody_else(world):
    jane = world.contact("jane@example.com")
    world.local.add_contact("jane@example.com", site=world.local.add_site("Another"))
    reading = await read(world.provider, by_address(jane))

    assert reading.contact is not None
    assert reading.contact.id == jane.id


# --- how many calls ------------------------------------------------------------------------------------------------


async def test_a_whole_look_up_takes_four_calls(world):
    jane, offer = world.contact("jane@example.com"), world.offer("Bundle")
    world.give(jane, offer)
    await read(world.provider, by_address(jane), offer)

    assert paths(world) == [
        f"GET /v1/offers/{offer}",
        "GET /v1/contacts",
        f"GET /v1/contacts/{jane.id}/relationships/offers",
        "GET /v1/purchases",
    ]


async def test_reading_a_known_contact_again_takes_two_calls(world):
    jane, offer = world.contact("jane@example.com"), world.offer("Bundle")
    world.give(jane, offer)
    known = (await read(world.provider, by_address(jane))).contact
    assert known is not None
    world.local.calls.clear()
    await read(world.provider, known, offer, with_offers=False)

    assert paths(world) == [f"GET /v1/contacts/{jane.id}/relationships/offers", "GET /v1/purchases"]


async def test_a_first_grant_is_proved_by_one_call(world):
    jane, offer = world.contact("jane@example.com"), world.offer("Bundle")
    await write(world.provider, change(Action.GRANT, jane, offer))
    world.local.calls.clear()
    reading = await read(world.provider, jane, offer, with_offers=False)

    assert reading.holding(offer) is not None
    assert paths(world) == [f"GET /v1/contacts/{jane.id}/relationships/offers"]


async def test_what_a_contact_known_as_no_customer_bought_since_is_seen(world):
    jane, offer = world.contact("jane@example.com"), world.offer("Bundle")
    world.local.purchase(jane.address, offer)

    assert (await read(world.provider, jane, offer)).holding(offer) is not None


async def test_callers_at_once_share_one_token(world):
    offers = [world.offer(f"Offer {number}") for number in range(8)]
    jane = world.contact("jane@example.com")
    await world.provider.write([change(Action.GRANT, jane, offer) for offer in offers])

    assert world.holds(jane) == set(offers)
    assert len(world.local.called("POST", "/v1/oauth/token")) == 1


# --- what holding means --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("both", [True, False])
@pytest.mark.parametrize("lead", ["empty", "null", "missing"])
async def test_granted_and_bought_are_one_holding(both, lead):
    async with kajabi_world(conduct=Conduct(purchases_in_relationship=both, no_customer=lead)) as world:
        jane = world.contact("jane@example.com")
        assert (await read(world.provider, by_address(jane))).holdings == ()

        bundle, club, old = world.offer("Bundle"), world.offer("Club", subscription=True), world.offer("Old")
        world.give(jane, bundle)
        bought = [world.local.purchase(jane.address, offer).id for offer in (bundle, club)]
        ended = "2026-01-02T03:04:05.000Z"
        world.local.purchase(jane.address, old, deactivated_at=ended, reason="Revoked by owner@example.com")
        reading = await read(world.provider, by_address(jane))

        held = {one.offer_id: one for one in reading.holdings}
        assert (held[bundle].granted, held[bundle].purchases, held[bundle].paying) == (True, (bought[0],), False)
        assert (held[club].granted, held[club].purchases, held[club].paying) == (both, (bought[1],), True)
        assert (held[old].active, held[old].ended) == (False, 1767323045.0)
        assert held[old].ended_reason == "Revoked by …"


async def test_more_purchases_than_a_page_holds_are_all_seen(world):
    jane = world.contact("jane@example.com")
    offers = {world.offer(f"Offer {number}") for number in range(60)}
    for offer in offers:
        world.local.purchase(jane.address, offer)
    reading = await read(world.provider, by_address(jane))

    assert {one.offer_id for one in reading.holdings if one.active} == offers


async def test_a_revoke_ends_purchases_too(world):
    jane, club = world.contact("jane@example.com"), world.offer("Club", subscription=True)
    world.local.purchase(jane.address, club)
    await write(world.provider, change(Action.REVOKE, jane, club))

    assert (await read(world.provider, jane, club, with_offers=False)).holding(club) is None


@pytest.mark.parametrize("welcome_email", [True, False])
async def test_the_welcome_mail_goes_out_only_when_asked_for(world, welcome_email):
    jane, offer = world.contact("jane@example.com"), world.offer("Bundle")
    await write(world.provider, change(Action.GRANT, jane, offer, welcome_email=welcome_email))

    assert len(world.local.mails) == welcome_email
    assert world.local.calls[-1].body["meta"] == {"send_customer_welcome_email": welcome_email}


async def test_a_second_grant_that_is_refused_says_so():
    async with kajabi_world(conduct=Conduct(second_grant="refused")) as world:
        jane, offer = world.contact("jane@example.com"), world.offer("Bundle")
        world.give(jane, offer)
        with pytest.raises(Rejected, match="already been granted"):
            await write(world.provider, change(Action.GRANT, jane, offer))


@pytest.mark.parametrize(
    ("address", "said"), [("a@bounce.example.com", "Undeliverable address"), ("a@b@c.d", "double")]
)
async def test_an_address_that_kajabi_refuses_is_rejected_in_its_words(world, address, said):
    world.local.refuse_mail_to("bounce.example.com")
    with pytest.raises(Rejected, match=said):
        await write(world.provider, change(Action.CREATE, Contact(provider="kajabi", address=address, name="A")))


# --- what else will happen -----------------------------------------------------------------------------------------


async def test_a_revoke_says_what_goes_on(world):
    jane, club = world.contact("jane@example.com"), world.offer("Club", subscription=True)
    world.local.purchase(jane.address, club)
    world.give(jane, world.offer("Bundle"))
    said = world.provider.effects(Action.REVOKE, await read(world.provider, jane, club), welcome_email=False)

    assert {words.REVOKE_PAYING, words.REVOKE_BOUGHT, words.REVOKE_SHARED} <= set(said)
    assert words.REVOKE_MAYBE_PAYING not in said


async def test_a_purchase_whose_kind_is_not_told_may_go_on(world):
    jane, club = world.contact("jane@example.com"), world.offer("Club", recurring=True)
    world.local.purchase(jane.address, club, payment_type="stripe")
    said = world.provider.effects(Action.REVOKE, await read(world.provider, jane, club), welcome_email=False)

    assert words.REVOKE_MAYBE_PAYING in said


def test_a_first_grant_says_that_a_login_is_created():
    offer = Offer(provider="kajabi", id="1", title="Bundle")
    lead = Reading(contact=Contact(provider="kajabi", address="a@b.cd", id="1"), offer=offer)

    assert words.GRANT_FIRST in effects(Action.GRANT, lead, welcome_email=False)
    assert words.CREATE in effects(Action.GRANT, Reading(contact=None, offer=offer), welcome_email=False)


async def test_what_ended_before_is_said_when_it_is_granted_again(world):
    jane, old = world.contact("jane@example.com"), world.offer("Old")
    world.local.purchase(jane.address, old, deactivated_at="2026-01-02T03:04:05Z")
    reading = await read(world.provider, by_address(jane), old)

    assert words.GRANT_AGAIN in world.provider.effects(Action.GRANT, reading, welcome_email=True)


async def test_a_purchase_that_names_no_offer_is_no_proof_of_anything(world):
    jane = world.contact("jane@example.com")
    world.give(jane, world.offer("Bundle"))
    spoilt = {"data": [{"type": "purchases", "id": "5", "attributes": {}, "relationships": {}}]}
    world.local.trouble("wrong_shape", path="/v1/purchases", content=spoilt)

    with pytest.raises(Unavailable):
        await read(world.provider, by_address(jane))


@pytest.mark.parametrize(
    ("told", "paying"),
    [
        ({"payment_type": "subscription"}, True),
        ({"payment_type": "Payment Plan"}, True),
        ({"payment_type": "stripe", "multipay_payments_made": 2}, True),
        ({"payment_type": "single", "multipay_payments_made": None}, False),
        ({}, False),
    ],
)
def test_what_is_still_being_paid_for_is_known_by_the_purchase(told, paying):
    offer = {"data": {"type": "offers", "id": "7"}}
    (held,) = holdings_from([], [{"id": "1", "attributes": told, "relationships": {"offer": offer}}])

    assert (held.offer_id, held.paying, held.purchases) == ("7", paying, ("1",))


def test_of_several_ended_purchases_the_last_one_tells():
    def ended(purchase_id: str, moment: str) -> dict:
        offer = {"data": {"type": "offers", "id": "7"}}
        return {"id": purchase_id, "attributes": {"deactivated_at": moment}, "relationships": {"offer": offer}}

    later, earlier = ended("1", "1970-01-01T00:00:09Z"), ended("2", "1970-01-01T00:00:05Z")
    deleted = {"id": "3", "attributes": {}, "relationships": {"offer": {"data": None}}}
    (held,) = holdings_from([], [later, earlier, deleted])

    assert (held.ended, held.active) == (9.0, False)

from collections.abc import AsyncIterator

import pytest

from bot.domain.errors import Rejected, Withheld
from bot.domain.request import Action, Contact
from bot.ports import OfferQuery, Target
from tests.contract.provider_worlds import WORLDS, World, by_address, change, read, write


@pytest.fixture(params=WORLDS)
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    async with WORLDS[request.param]() as world:
        yield world


@pytest.fixture
def jane(world: World) -> Contact:
    return world.contact("jane@example.com")


# --- the ordinary day ----------------------------------------------------------------------------------------------


async def test_a_contact_is_found_by_address_with_what_it_holds(world, jane):
    held, other = world.offer("Bundle"), world.offer("Course")
    world.give(jane, held)

    reading = await read(world.provider, by_address(jane), other)

    assert reading.contact is not None
    assert (reading.contact.id, reading.contact.name) == (jane.id, "Jane")
    assert reading.holding(held) is not None
    assert reading.holding(other) is None
    assert reading.offer is not None
    assert reading.offer.title == "Course"


async def test_an_unknown_address_reads_as_nobody(world):
    reading = await read(world.provider, Contact(provider=world.provider.name, address="nobody@example.com"))

    assert (reading.contact, reading.holdings) == (None, ())


async def test_an_unknown_contact_id_reads_as_nobody(world, jane):
    gone = Contact(provider=jane.provider, address=jane.address, id="999999", customer_id="4")

    assert (await read(world.provider, gone)).contact is None


async def test_a_grant_is_there_when_it_is_read_back(world, jane):
    offer = world.offer("Bundle")

    receipt = await write(world.provider, change(Action.GRANT, jane, offer))

    assert receipt.startswith("200")
    assert world.holds(jane) == {offer}
    assert (await read(world.provider, jane, offer, with_offers=False)).holding(offer) is not None


async def test_a_revoke_is_gone_when_it_is_read_back(world, jane):
    offer, kept = world.offer("Bundle"), world.offer("Course")
    world.give(jane, offer)
    world.give(jane, kept)

    await write(world.provider, change(Action.REVOKE, jane, offer))

    assert world.holds(jane) == {kept}
    assert (await read(world.provider, jane, offer, with_offers=False)).holding(offer) is None


async def test_a_contact_that_was_created_can_be_read(world):
    new = Contact(provider=world.provider.name, address="new+tag@example.com", name="Nell New")

    await write(world.provider, change(Action.CREATE, new))
    reading = await read(world.provider, by_address(new))

    assert reading.contact is not None
    assert (reading.contact.name, reading.contact.address) == ("Nell New", "new+tag@example.com")


async def test_a_second_creation_is_rejected_as_taken(world, jane):
    with pytest.raises(Rejected) as caught:
        await write(world.provider, change(Action.CREATE, by_address(jane)))

    assert caught.value.code == "taken"


async def test_lists_answer_in_the_order_they_were_asked(world):
    offer = world.offer("Bundle")
    contacts = [world.contact(f"c{number}@example.com", f"C{number}") for number in range(6)]
    world.give(contacts[3], offer)

    readings = await world.provider.read([Target(contact=one, offer_id=offer) for one in contacts])
    gone = Contact(provider=world.provider.name, address="gone@example.com", id="999999")
    answers = await world.provider.write([change(Action.GRANT, one, offer) for one in (contacts[0], gone, contacts[1])])

    assert [one.holding(offer) is not None for one in readings] == [number == 3 for number in range(6)]
    assert [type(one) for one in answers] == [str, Rejected, str]


async def test_offers_are_listed_sorted_and_searched(world):
    cheap = world.offer("Zebra", description="all about stripes", price_in_cents=100)
    dear = world.offer("apple", description="fruit", price_in_cents=90_000, recurring=True)
    middle = world.offer("Stripes", price_in_cents=5_000)

    async def found(**query) -> list[str]:
        return [one.id for one in await world.provider.list_offers(OfferQuery(**query))]

    assert await found() == [dear, middle, cheap]
    assert await found(by_price=True) == [cheap, middle, dear]
    assert await found(by_price=True, descending=True) == [dear, middle, cheap]
    assert await found(words=" stripes ") == [middle, cheap]
    assert await found(words="nothing like it") == []


async def test_an_offer_reads_the_same_alone_and_in_the_list(world):
    offer = world.offer("Bundle", price_in_cents=4_900, currency="EUR", subscription=True, internal_title="b-1")
    (listed,) = await world.provider.list_offers(OfferQuery())
    alone = await world.provider.offer(offer)

    assert alone == listed
    assert (listed.price, listed.currency, listed.recurring) == (4_900, "EUR", True)


async def test_an_offer_comes_with_the_titles_of_its_products(world):
    offer = await world.provider.offer(world.offer("Bundle", products=["Course A", "Course B"]))

    assert offer is not None
    assert offer.products == ("Course A", "Course B")


@pytest.mark.parametrize("offer_id", ["999999", "../me", "..", "", "1?x=y", "a b", "9" * 500])
async def test_an_unknown_offer_is_none(world, offer_id):
    assert await world.provider.offer(offer_id) is None


# --- what is so already ------------------------------------------------------------------------------------------


async def test_granting_again_does_not_take_it_away(world, jane):
    offer = world.offer("Bundle")
    world.give(jane, offer)
    (answer,) = await world.provider.write([change(Action.GRANT, jane, offer)])

    assert isinstance(answer, str | Rejected)
    assert world.holds(jane) == {offer}


async def test_revoking_what_is_not_held_harms_nothing(world, jane):
    kept = world.offer("Course")
    world.give(jane, kept)
    (answer,) = await world.provider.write([change(Action.REVOKE, jane, world.offer("Bundle"))])

    assert isinstance(answer, str | Rejected)
    assert world.holds(jane) == {kept}


# --- permits -----------------------------------------------------------------------------------------------------


async def test_each_change_needs_a_permit_and_goes_out_only_with_it(world, jane):
    offers = [world.offer("Bundle"), world.offer("Course")]

    async def permit(one):
        return one.offer_id == offers[0]

    changes = [change(Action.GRANT, jane, offer) for offer in offers]
    answers = await world.provider.write(changes, permit=permit)

    assert [type(one) for one in answers] == [str, Withheld]
    assert (world.holds(jane), world.writes()) == ({offers[0]}, 1)


async def test_the_permit_is_asked_when_nothing_else_keeps_the_call_waiting(world, jane):
    waits = world.pacer.wait
    at_permit: list[tuple[str, int]] = []

    async def wait():
        at_permit.clear()
        await waits()

    async def permit(one):
        at_permit.append((one.offer_id, world.writes()))
        return True

    world.pacer.wait = wait
    offer = world.offer("Bundle")
    await world.provider.write([change(Action.GRANT, jane, offer)], permit=permit)

    assert at_permit == [(offer, 0)]
    assert world.holds(jane) == {offer}


async def test_a_call_that_goes_out_again_needs_another_permit(world, jane):
    permits = iter((True, False))

    async def permit(_):
        return next(permits)

    world.trouble_writing("expired_token", times=1)
    (answer,) = await world.provider.write([change(Action.GRANT, jane, world.offer("Bundle"))], permit=permit)

    assert isinstance(answer, Withheld)
    assert world.holds(jane) == set()


# --- credentials -------------------------------------------------------------------------------------------------


async def test_a_token_that_is_refused_once_is_replaced(world, jane):
    offer = world.offer("Bundle")
    world.trouble_writing("expired_token", times=1)

    await write(world.provider, change(Action.GRANT, jane, offer))

    assert world.holds(jane) == {offer}
    assert len(world.local.called("POST", "/v1/oauth/token")) == 2


async def test_a_token_that_is_refused_again_is_a_clear_failure(world, jane):
    world.trouble_writing("expired_token")

    with pytest.raises(Rejected) as caught:
        await write(world.provider, change(Action.GRANT, jane, world.offer("Bundle")))

    assert caught.value.code == "credentials"
    assert (world.writes(), world.holds(jane)) == (2, set())


async def test_wrong_credentials_say_what_to_do_and_write_nothing(world, jane):
    world.local.rotate_key("id", "another")

    with pytest.raises(Rejected) as caught:
        await write(world.provider, change(Action.GRANT, jane, world.offer("Bundle")))

    assert "KAJABI_CLIENT_SECRET" in caught.value.detail
    assert world.writes() == 0


# --- text, secrets, addresses --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["a\x00b\x1b[31m\x85", "x" * 1_000_000, "\ud800 lone half", "\u202etxt.exe\u2066"])
async def test_hostile_text_is_cut_and_stripped(world, text):
    offer_id = world.offer(text, description=text, internal_title=text)
    jane = world.contact("jane@example.com", text)
    offer = await world.provider.offer(offer_id)
    contact = (await read(world.provider, by_address(jane))).contact

    assert offer is not None
    assert contact is not None
    for kept in (offer.title, offer.description, offer.internal_title, contact.name):
        assert kept
        assert len(kept) <= 2_000
        assert kept.isprintable()
        assert kept.encode()
        assert not set("\u202e\u2066") & set(kept)


async def test_the_checks_of_a_healthy_account_all_pass(world):
    checks = await world.provider.check()

    assert checks
    assert [one for one in checks if not one.ok] == []


async def test_effects_are_sentences_for_every_action(world, jane):
    offer_id = world.offer("Bundle")
    reading = await read(world.provider, by_address(jane), offer_id)
    for action in Action:
        for welcome_email in (True, False):
            said = world.provider.effects(action, reading, welcome_email=welcome_email)
            assert said
            assert all(one[0].isupper() and one.endswith(".") for one in said)

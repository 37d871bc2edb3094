import pytest

from bot.domain.errors import Rejected, Withheld
from bot.domain.request import Action, Contact
from bot.ports import OfferQuery, Target
from tests.contract.provider_worlds import by_address, change, read, write

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

    assert receipt
    assert world.holds(jane) == {offer}
    assert (await read(world.provider, jane, offer, with_offers=False)).holding(offer) is not None


async def test_a_revoke_is_gone_when_it_is_read_back(world, jane):
    offer, kept = world.offer("Bundle"), world.offer("Course")
    world.give(jane, offer)
    world.give(jane, kept)

    await write(world.provider, change(Action.REVOKE, jane, offer))

    assert world.holds(jane) == {kept}
    assert (await read(world.provider, jane, offer, with_offers=False)).holding(offer) is None


async def test_a_contact_is_created_and_can_be_read_or_that_is_rejected(world):
    new = Contact(provider=world.provider.name, address="new+tag@example.com", name="Nell New")

    if not world.provider.creates_contacts:
        with pytest.raises(Rejected):
            await write(world.provider, change(Action.CREATE, new))
        assert len(world.written()) == 0
        return
    await write(world.provider, change(Action.CREATE, new))
    reading = await read(world.provider, by_address(new))

    assert reading.contact is not None
    assert (reading.contact.name, reading.contact.address) == ("Nell New", "new+tag@example.com")


async def test_lists_answer_in_the_order_they_were_asked(world):
    offer = world.offer("Bundle")
    contacts = [world.contact(f"c{number}@example.com", f"C{number}") for number in range(6)]
    world.give(contacts[3], offer)

    readings = await world.provider.read([Target(contact=one, offer_id=offer) for one in contacts])
    gone = Contact(provider=world.provider.name, address="gone@example.com", id="999999")
    answers = await world.provider.write([change(Action.GRANT, one, offer) for one in (contacts[0], gone, contacts[1])])

    assert [one.holding(offer) is not None for one in readings] == [number == 3 for number in range(6)]
    assert [type(one) for one in answers] == [str, Rejected, str]


async def test_offers_are_listed_by_title_and_searched(world):
    zebra = world.offer("Zebra", description="all about stripes")
    apple = world.offer("apple", description="fruit")
    stripes = world.offer("Stripes")

    async def found(**query) -> list[str]:
        return [one.id for one in await world.provider.list_offers(OfferQuery(**query))]

    assert await found() == [apple, stripes, zebra]
    assert await found(descending=True) == [zebra, stripes, apple]
    assert await found(words=" stripes ") == [stripes, zebra]
    assert await found(words="nothing like it") == []


async def test_sorting_by_a_price_leaves_no_offer_out(world):
    offers = {world.offer(title) for title in ("Zebra", "apple")}
    for descending in (False, True):
        query = OfferQuery(by_price=True, descending=descending)
        assert {one.id for one in await world.provider.list_offers(query)} == offers


async def test_an_offer_reads_the_same_alone_and_in_the_list(world):
    offer = world.offer("Bundle", description="Everything")
    (listed,) = await world.provider.list_offers(OfferQuery())

    assert await world.provider.offer(offer) == listed
    assert (listed.key, listed.title) == (f"{world.provider.name}:{offer}", "Bundle")


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

    changes = [change(Action.GRANT, jane, offer) for offer in reversed(offers)]
    answers = await world.provider.write(changes[:1], permit=permit)
    before = len(world.written())
    answers = [*answers, *await world.provider.write(changes, permit=permit)]

    assert [type(one) for one in answers] == [Withheld, Withheld, str]
    assert (world.holds(jane), before) == ({offers[0]}, 0)


async def test_the_permit_is_asked_when_nothing_else_keeps_the_call_waiting(world, jane):
    waits = world.pacer.wait
    #: by how many calls had been made before
    permits: dict[int, str] = {}

    async def wait():
        permits.pop(len(world.written()), None)
        await waits()

    async def permit(one):
        permits[len(world.written())] = one.offer_id
        return True

    world.pacer.wait = wait
    offer = world.offer("Bundle")
    await world.provider.write([change(Action.GRANT, jane, offer)], permit=permit)

    assert permits == dict.fromkeys(range(len(world.written())), offer)
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
    assert world.tokens_bought() == 2


async def test_a_token_that_is_refused_again_is_a_clear_failure(world, jane):
    world.trouble_writing("expired_token")

    with pytest.raises(Rejected) as caught:
        await write(world.provider, change(Action.GRANT, jane, world.offer("Bundle")))

    assert caught.value.code == "credentials"
    assert (len(world.written()), world.holds(jane)) == (2, set())


async def test_wrong_credentials_say_what_to_do_and_write_nothing(world, jane):
    world.change_secret()

    with pytest.raises(Rejected) as caught:
        await write(world.provider, change(Action.GRANT, jane, world.offer("Bundle")))

    assert world.secret_setting in caught.value.detail
    assert len(world.written()) == 0


# --- text, secrets, addresses --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["a\x00b\x1b[31m\x85", "x" * 1_000_000, "\ud800 lone half", "\u202etxt.exe\u2066"])
async def test_hostile_text_is_cut_and_stripped(world, text):
    offer_id = world.offer(text, description=text)
    jane = world.contact("jane@example.com", text)
    offer = await world.provider.offer(offer_id)
    contact = (await read(world.provider, by_address(jane))).contact

    assert offer is not None
    assert contact is not None
    for kept in (offer.title, offer.description, contact.name):
        assert kept
        assert len(kept) <= 2_000
        assert kept.isprintable()
        assert kept.encode()
        assert not set("\u202e\u2066") & set(kept)


async def test_the_checks_of_a_healthy_account_all_pass(world):
    world.offer("Bundle")
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

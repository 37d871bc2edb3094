from dataclasses import replace

import pytest

from bot.domain.errors import Rejected, Unavailable
from bot.domain.request import Action, Contact
from bot.ports import Sight, Surveys, Target
from bot.sandbox.kajabi import Conduct
from tests.contract.provider_worlds import by_address, change, kajabi_world


@pytest.fixture
async def world():
    async with kajabi_world() as world:
        yield world


def seeded(world, count: int) -> list[Contact]:
    return [world.contact(f"p{number}@example.com") for number in range(count)]


def asked(contacts, offer: str | None) -> list[Target]:
    return [Target(contact=contact, offer_id=offer) for contact in contacts]


def unknown(contacts) -> list[Contact]:
    return [by_address(contact) for contact in contacts]


async def sights(world, targets, **options) -> list[Sight]:
    found = await world.provider.survey(targets, **options)
    assert all(isinstance(one, Sight) for one in found)
    return found


def held(found) -> list[bool]:
    return [one.holding is not None for one in found]


def calls(world) -> int:
    return len([one for one in world.local.calls if "oauth" not in one.path])


# --- how many calls --------------------------------------------------------------------------------------------------


async def test_a_preview_of_a_thousand_customers_on_a_site_of_five_thousand_takes_at_most_60_calls(world):
    everybody, offer = seeded(world, 5_000), world.offer("Bundle")
    wanted = everybody[2:5_000:5]
    for contact in everybody[::20]:
        world.give(contact, offer)
    heard = []

    async def told(made: int, expected: int) -> None:
        heard.append((made, expected))

    found = await sights(world, asked(unknown(wanted), offer), told=told)

    assert [one.contact.id for one in found] == [one.id for one in wanted]
    assert held(found) == [offer in world.holds(one) for one in wanted]
    assert len(wanted) == 1_000
    assert len(world.local.calls) <= 60
    assert heard[-1] == (calls(world), calls(world))
    assert [made for made, _ in heard] == list(range(1, len(heard) + 1))


@pytest.mark.parametrize("action", [Action.GRANT, Action.REVOKE])
async def test_reading_a_thousand_changes_back_takes_at_most_50_calls(world, action):
    everybody, offer = seeded(world, 2_000), world.offer("Bundle")
    changed = everybody[:1_000]
    for contact in everybody[1_000:1_300]:
        world.give(contact, offer)
    for contact in changed:
        world.give(contact, offer)
        if action is Action.REVOKE:
            world.local.revoke(contact.address, offer)
    changed = [replace(one, customer_id=world.local.contact(one.id).customer_id) for one in changed]
    found = await sights(world, asked(changed, offer), purchases=action is Action.REVOKE)

    assert set(held(found)) == {action is Action.GRANT}
    assert action is Action.GRANT or all(one.whole for one in found)
    assert len(world.local.calls) <= 50


async def test_a_few_customers_of_many_are_looked_up_singly(world):
    offer, wanted = world.offer("Bundle"), seeded(world, 1_000)[::250]
    world.give(wanted[1], offer)
    found = await sights(world, asked(unknown(wanted), offer))

    assert [one.contact.id for one in found] == [one.id for one in wanted]
    assert held(found) == [False, True, False, False]
    assert calls(world) <= 1 + len(wanted) + 2


async def test_an_offer_with_more_holders_than_there_are_questions_is_asked_about_singly(world):
    offer, everybody = world.offer("Bundle"), seeded(world, 500)
    for contact in everybody[:-1]:
        world.give(contact, offer)
    found = await sights(world, asked(everybody[-2:], offer))

    assert held(found) == [True, False]
    assert calls(world) == 1 + 2


async def test_two_offers_cost_one_look_through_the_contacts(world):
    one, other, everybody = world.offer("Bundle"), world.offer("Course"), seeded(world, 300)
    world.give(everybody[0], one)
    world.give(everybody[150], other)
    found = await sights(world, asked(unknown(everybody[:150]), one) + asked(unknown(everybody[150:]), other))

    assert held(found) == [number in {0, 150} for number in range(300)]
    assert calls(world) == 3 + 2


# --- who is meant ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("meta", ["pages", "total"])
async def test_who_is_not_there_is_nobody_and_who_is_there_twice_is_no_ones_choice(meta):
    async with kajabi_world(conduct=Conduct(meta=meta, largest_page=3)) as world:
        offer, everybody = world.offer("Bundle"), seeded(world, 12)
        world.contact("P3@Example.com")
        missing = Contact(provider="kajabi", address="nobody@example.com")
        found = await world.provider.survey(asked([*unknown(everybody), missing], offer))

        assert isinstance(found[3], Rejected)
        assert found[3].code == "ContactAmbiguous"
        assert found[12] == Sight(contact=None, whole=True)
        assert [one.contact.id for one in found[:3]] == [one.id for one in everybody[:3]]
        assert len(world.local.called("GET", "/v1/contacts")) >= 5


async def test_nobody_is_meant_by_no_address(world):
    world.contact("", "Somebody without e-mail")
    known = world.contact("jane@example.com")
    nobody = replace(by_address(known), address="")

    (alone,) = await sights(world, asked([nobody], None))
    beside = await sights(world, asked([nobody, by_address(known), known], None))
    (read,) = await world.provider.read(asked([nobody], None))

    assert (alone.contact, read.contact) == (None, None)
    assert [one.contact and one.contact.id for one in beside] == [None, known.id, known.id]


async def test_the_same_address_on_another_site_is_somebody_else(world):
    offer, everybody = world.offer("Bundle"), seeded(world, 3)
    elsewhere = world.local.add_contact("p0@example.com", site=world.local.add_site("Another"))
    world.local.grant(elsewhere, offer)
    found = await sights(world, asked(unknown(everybody), offer))

    assert [one.contact.id for one in found] == [one.id for one in everybody]
    assert held(found) == [False] * 3


async def test_an_address_that_moved_to_another_contact_is_not_taken_for_the_old_one(world):
    offer, everybody = world.offer("Bundle"), seeded(world, 3)
    for contact in everybody:
        world.give(contact, offer)
    world.local.contact(everybody[1].id).email = "somebody@example.com"
    world.contact("p1@example.com")
    found = await sights(world, asked(everybody, offer))

    assert held(found) == [True, False, True]
    assert not found[1].whole


async def test_a_known_contact_that_is_gone_holds_nothing(world):
    offer, everybody = world.offer("Bundle"), seeded(world, 101)
    for contact in everybody:
        world.give(contact, offer)
    gone = Contact(provider="kajabi", address="gone@example.com", id="999999", customer_id="4")
    (alone,) = await sights(world, asked([gone], offer))
    among = await sights(world, asked([gone, *everybody], offer), purchases=True)

    assert alone == Sight(contact=None, whole=True)
    assert held(among) == [False] + [True] * 101


# --- what holding means ----------------------------------------------------------------------------------------------


async def test_without_purchases_only_who_is_no_customer_is_seen_whole(world):
    offer, everybody = world.offer("Bundle"), seeded(world, 3)
    world.local.purchase(everybody[1].id, offer)
    world.give(everybody[2], offer)
    found = await sights(world, asked(unknown(everybody), offer))

    assert held(found) == [False, False, True]
    assert [one.whole for one in found] == [True, False, False]


async def test_purchases_are_found_with_what_they_cost_to_whoever_pays_on(world):
    club, everybody = world.offer("Club", subscription=True), seeded(world, 40)
    bought = world.local.purchase(everybody[1].id, club)
    world.local.purchase(everybody[2].id, club, deactivated_at="2026-01-02T03:04:05.000Z")
    for contact in everybody[3:]:
        world.local.purchase(contact.id, world.offer("Else"))
    found = await sights(world, asked(unknown(everybody), club), purchases=True)

    assert held(found) == [False, True] + [False] * 38
    assert found[1].holding.paying
    assert found[1].holding.purchases == (bought.id,)
    assert all(one.whole for one in found)


async def test_a_list_in_which_something_moved_is_no_proof_of_absence():
    async with kajabi_world(conduct=Conduct(largest_page=10)) as world:
        offer, everybody = world.offer("Bundle"), seeded(world, 40)
        for contact in everybody:
            world.give(contact, offer)
        world.contact("without@example.com")

        async def told(made: int, _expected: int) -> None:
            if made == 1:  # all that follow move up by one, so that the second page leaves one out
                world.local.revoke(everybody[0].address, offer)

        found = await sights(world, asked(everybody, offer), told=told)

        assert held(found)[1:] == [True] * 39


async def test_a_filter_that_is_not_obeyed_proves_nothing():
    async with kajabi_world(conduct=Conduct(offer_filter="ignored")) as world:
        offer, everybody = world.offer("Bundle"), seeded(world, 5)
        world.give(everybody[2], offer)

        assert held(await sights(world, asked(unknown(everybody), offer))) == [False, False, True, False, False]
        assert held(await sights(world, asked(everybody, offer))) == [False, False, True, False, False]


async def test_where_everybody_holds_it_the_list_is_believed(world):
    offer, everybody = world.offer("Bundle"), seeded(world, 5)
    for contact in everybody:
        world.give(contact, offer)
    found = await sights(world, asked(unknown(everybody), offer))

    assert held(found) == [True] * 5
    assert not world.local.called("GET", "/v1/contacts/*/relationships/offers")


# --- troubles --------------------------------------------------------------------------------------------------------


async def test_a_list_that_has_begun_survives_a_call_that_came_too_early():
    async with kajabi_world(conduct=Conduct(largest_page=5)) as world:
        offer, everybody = world.offer("Bundle"), seeded(world, 20)

        async def told(made: int, _expected: int) -> None:
            if made == 2:
                world.local.trouble("rate_limited", method="GET", path="/v1/contacts", times=2)

        found = await sights(world, asked(unknown(everybody), offer), told=told)

        assert [one.contact.id for one in found] == [one.id for one in everybody]
        assert world.pacer.slowed == [1.0, 1.0]


async def test_a_list_that_cannot_be_read_is_raised(world):
    offer, everybody = world.offer("Bundle"), seeded(world, 3)
    world.local.trouble("server_error", method="GET", path="/v1/contacts")
    with pytest.raises(Unavailable):
        await world.provider.survey(asked(unknown(everybody), offer))


async def test_whoever_hears_of_the_calls_may_stop_them(world):
    class Enough(Exception):
        pass

    async def told(_made: int, _expected: int) -> None:
        raise Enough

    with pytest.raises(Enough):
        await world.provider.survey(asked(unknown(seeded(world, 3)), world.offer("Bundle")), told=told)
    assert calls(world) == 1


async def test_a_change_and_its_survey_agree(world):
    offer, everybody = world.offer("Bundle"), seeded(world, 6)
    await world.provider.write([change(Action.GRANT, contact, offer) for contact in everybody[::2]])

    assert isinstance(world.provider, Surveys)
    assert held(await sights(world, asked(everybody, offer))) == [True, False] * 3

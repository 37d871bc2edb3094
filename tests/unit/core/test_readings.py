from dataclasses import replace

import pytest

from bot.domain.errors import OfferElsewhere, Unavailable
from bot.domain.request import Holding
from bot.readings import KEPT, ROOM, TITLES, only
from tests.unit.core.world import BUNDLE, JANE, STARTER

DOWN = Unavailable("kajabi", "no connection")


def reads(core):
    return core.booth.calls.count("read")


async def the_list_is_read(core, *offers):
    await core.store.remember_offers("kajabi", offers, now=core.clock(), whole=True)


async def test_a_reading_serves_for_a_minute_and_no_longer(core):
    for seconds in (0, KEPT - 1, 1):
        core.clock.passes(seconds)
        await core.readings.of("kajabi", JANE.address)

    assert reads(core) == 2


async def test_who_wants_it_fresh_gets_it_fresh(core):
    await core.readings.of("kajabi", JANE.address)
    core.booth.holds("8")

    assert (await core.readings.of("kajabi", JANE.address, max_age=0)).holding("8") is not None
    assert (await core.readings.of("kajabi", JANE.address)).holding("8") is not None


async def test_what_was_just_changed_is_read_afresh(core):
    await core.readings.of("kajabi", JANE.address)

    core.readings.forget("kajabi", JANE.address)

    await core.readings.of("kajabi", JANE.address)
    assert reads(core) == 2


async def test_each_address_has_a_reading_of_its_own(core):
    core.booth.contacts["joe@example.com"] = replace(JANE, id="c-3", address="joe@example.com")
    core.booth.held["joe@example.com"] = {}
    jane = await core.readings.of("kajabi", JANE.address)

    assert (await core.readings.of("kajabi", "joe@example.com")) != jane


async def test_who_is_missing_is_looked_for_every_time(core):
    assert (await core.readings.of("kajabi", "new@example.com")).contact is None
    await core.readings.of("kajabi", "new@example.com")

    assert reads(core) == 2


async def test_a_failure_is_raised_and_not_kept(core):
    core.booth.reads.append(DOWN)

    with pytest.raises(Unavailable):
        await core.readings.of("kajabi", JANE.address)

    assert (await core.readings.of("kajabi", JANE.address)).contact is not None


async def many_read(core, count):
    addresses = [f"a{number}@example.com" for number in range(count)]
    for address in addresses:
        core.booth.contacts[address] = replace(JANE, address=address)
        core.booth.held[address] = {}
        await core.readings.of("kajabi", address)
    return addresses


async def test_a_reading_taken_anew_is_not_the_oldest_any_more(core):
    await core.readings.of("kajabi", JANE.address)
    core.booth.contacts["one@example.com"] = replace(JANE, address="one@example.com")
    core.booth.held["one@example.com"] = {}
    await core.readings.of("kajabi", "one@example.com")
    await core.readings.of("kajabi", JANE.address, max_age=0)
    await many_read(core, ROOM - 1)
    before = reads(core)

    await core.readings.of("kajabi", JANE.address)

    assert reads(core) == before


async def test_the_oldest_reading_makes_room(core):
    addresses = await many_read(core, ROOM + 1)
    before = reads(core)

    await core.readings.of("kajabi", addresses[1])
    assert reads(core) == before
    await core.readings.of("kajabi", addresses[0])
    assert reads(core) == before + 1


# --- titles --------------------------------------------------------------------------------------------------------


async def test_titles_come_from_the_cache_where_it_has_them(core):
    await the_list_is_read(core, BUNDLE, STARTER)
    core.booth.holds("7")

    (holding,) = (await core.readings.of("kajabi", JANE.address)).holdings

    assert holding.title == "Gold Bundle"
    assert core.booth.calls == ["read"]


async def test_the_title_of_an_archived_offer_is_asked_for_once_and_it_stays_archived(core):
    await the_list_is_read(core, STARTER)
    core.booth.holds("7")

    for _ in range(2):
        (holding,) = (await core.readings.of("kajabi", JANE.address, max_age=0)).holdings
        assert holding.title == "Gold Bundle"

    assert core.booth.calls.count("offer 7") == 1
    assert await core.store.cached_offer("kajabi", "7") == replace(BUNDLE, listed=False)


async def test_what_is_held_counts_as_listed_as_long_as_the_list_was_never_read(core):
    core.booth.holds("7")

    await core.readings.of("kajabi", JANE.address)

    assert await core.readings.listed("kajabi", "7")


async def test_one_screen_asks_for_only_so_many_titles(core):
    core.booth.holds(*(f"old-{number}" for number in range(TITLES + 5)))

    await core.readings.of("kajabi", JANE.address)

    assert len([call for call in core.booth.calls if call.startswith("offer")]) == TITLES


@pytest.mark.parametrize("error", [DOWN, OfferElsewhere()], ids=["that cannot be asked for", "of another site"])
async def test_a_title_is_no_reason_to_show_nothing(core, error):
    async def fails(_):
        raise error

    core.booth.offer = fails
    core.booth.held[JANE.address] = {"9": Holding(offer_id="9", granted=True)}

    (holding,) = (await core.readings.of("kajabi", JANE.address)).holdings

    assert (holding.offer_id, holding.title) == ("9", "")


# --- one offer -----------------------------------------------------------------------------------------------------


async def test_a_live_offer_brings_the_cache_up_to_date(core):
    await the_list_is_read(core, BUNDLE)
    core.booth.offers["7"] = replace(BUNDLE, price=1)

    offer = await core.readings.live_offer("kajabi", "7")

    assert offer == replace(BUNDLE, price=1)
    assert await core.store.cached_offer("kajabi", "7") == offer


async def test_only_the_list_tells_that_an_offer_is_archived(core):
    await the_list_is_read(core, BUNDLE, STARTER)
    await the_list_is_read(core, STARTER)

    offer = await core.readings.live_offer("kajabi", "7")

    assert offer is not None
    assert not offer.listed
    assert not await core.readings.listed("kajabi", "7")
    assert await core.readings.listed("kajabi", "8")
    assert not await core.readings.listed("kajabi", "unheard-of")


async def test_an_offer_that_is_gone_is_nothing(core):
    assert await core.readings.live_offer("kajabi", "99") is None


def test_of_one_answer_the_error_is_raised():
    assert only(["yes"]) == "yes"
    with pytest.raises(Unavailable):
        only([DOWN])

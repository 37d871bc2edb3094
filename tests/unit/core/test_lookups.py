from dataclasses import replace

import pytest

from bot.domain.errors import (
    AddressMalformed,
    ContactNotFound,
    GuestAccount,
    NotConcerned,
    OfferAmbiguous,
    OfferMissing,
    OfferNotFound,
    RequestNotFound,
)
from bot.domain.request import Holding, Offer, Person, State
from bot.lookups import CHOICES, FOUND_KEPT
from bot.ports import OfferQuery
from tests.unit.core.world import ADA, BOB, BUNDLE, JANE, LEASE, STARTER

MALLORY, GUEST = Person("T1", "UMALLORY"), Person("T1", "UGUEST")
YEARLY = Offer(provider="kajabi", id="9", title="Gold Yearly", price=9900, currency="USD")


@pytest.fixture(autouse=True)
async def stock(core):
    core.booth.offers["9"] = YEARLY
    core.town.turns("UGUEST", guest=True)
    await core.store.remember_offers("kajabi", core.booth.offers.values(), now=core.clock(), whole=True)


# --- a customer ----------------------------------------------------------------------------------------------------


async def test_who_says_what_a_customer_holds_and_what_was_done_for_them(core):
    case = await core.approved()
    await core.executes()

    account = await core.lookups.who("kajabi", " Jane@Example.com ", by=MALLORY)

    assert account.contact.id == JANE.id
    assert [(one.offer_id, one.title) for one in account.holdings] == [("7", "Gold Bundle")]
    assert [one.request.id for one in account.given] == [case.request.id]


async def test_who_reads_afresh(core):
    await core.lookups.who("kajabi", JANE.address, by=ADA)
    core.booth.holds("8")

    assert (await core.lookups.who("kajabi", JANE.address, by=ADA)).holdings[0].offer_id == "8"


async def test_who_is_not_there_or_no_address_at_all_is_said(core):
    with pytest.raises(ContactNotFound):
        await core.lookups.who("kajabi", "nobody@example.com", by=ADA)
    with pytest.raises(AddressMalformed):
        await core.lookups.who("kajabi", "jane", by=ADA)


async def test_guests_look_nothing_up(core):
    core.booth.calls.clear()
    for question in (
        core.lookups.who("kajabi", JANE.address, by=GUEST),
        core.lookups.find("kajabi", OfferQuery(), by=GUEST),
        core.lookups.show("kajabi", "7", by=GUEST),
        core.lookups.requests("mine", by=GUEST),
    ):
        with pytest.raises(GuestAccount):
            await question

    assert core.booth.calls == []


# --- offers --------------------------------------------------------------------------------------------------------


async def test_what_was_found_serves_its_next_pages_then_it_is_asked_for_again(core):
    for seconds in (0, FOUND_KEPT - 1, 1):
        core.clock.passes(seconds)
        assert [one.id for one in await core.lookups.find("kajabi", OfferQuery(), by=ADA)] == ["7", "9", "8"]

    assert core.booth.calls.count("list") == 2


async def test_another_question_is_asked_anew(core):
    await core.lookups.find("kajabi", OfferQuery(), by=ADA)
    await core.lookups.find("kajabi", OfferQuery(by_price=True), by=ADA)

    assert core.booth.calls.count("list") == 2


async def test_what_was_found_can_be_completed_at_once(core):
    core.booth.offers["10"] = replace(STARTER, id="10", title="Brand New")

    await core.lookups.find("kajabi", OfferQuery(words="new"), by=ADA)

    assert [one.id for one in await core.lookups.suggest("kajabi", "brand", limit=5)] == ["10"]


@pytest.mark.parametrize(
    ("words", "found"),
    [("7", "7"), ("kajabi:8", "8"), ("start", "8"), (" gold yearly ", "9"), ("GOLD BUNDLE", "7")],
    ids=["by id", "by key", "by the only one that fits", "by title", "by title in capitals"],
)
async def test_an_offer_is_matched(core, words, found):
    assert (await core.lookups.match("kajabi", words)).id == found


async def test_the_exact_title_wins_over_titles_that_go_on(core):
    more = replace(BUNDLE, id="70", title="Gold Bundle Plus")
    await core.store.remember_offers("kajabi", [more], now=core.clock(), whole=False)

    assert (await core.lookups.match("kajabi", "gold bundle")).id == "7"


async def test_two_offers_of_one_title_are_told_apart_by_a_person(core):
    await core.store.remember_offers("kajabi", [replace(BUNDLE, id="71")], now=core.clock(), whole=False)

    with pytest.raises(OfferAmbiguous) as several:
        await core.lookups.match("kajabi", "gold bundle")

    assert {one.id for one in several.value.offers} == {"7", "71"}


@pytest.mark.parametrize(
    ("words", "refused"), [(" ", OfferMissing), ("platinum", OfferNotFound), ("gold", OfferAmbiguous)]
)
async def test_no_offer_is_matched_by(core, words, refused):
    with pytest.raises(refused):
        await core.lookups.match("kajabi", words)


async def test_only_so_many_choices_are_named(core):
    many = [replace(BUNDLE, id=f"g{number}", title=f"Gold {number}") for number in range(CHOICES + 5)]
    await core.store.remember_offers("kajabi", many, now=core.clock(), whole=False)

    with pytest.raises(OfferAmbiguous) as several:
        await core.lookups.match("kajabi", "gold")

    assert len(several.value.offers) == CHOICES


async def test_an_offer_is_shown_as_the_provider_has_it_now(core):
    core.booth.offers["8"] = replace(STARTER, price=5900)

    assert (await core.lookups.show("kajabi", "starter", by=ADA)).price == 5900


async def test_an_offer_that_only_the_cache_remembers_is_not_shown(core):
    del core.booth.offers["8"]

    with pytest.raises(OfferNotFound):
        await core.lookups.show("kajabi", "starter", by=ADA)


async def test_a_revoke_is_completed_from_what_is_held_alone(core):
    core.booth.holds("7", "9")
    core.booth.held[JANE.address]["8"] = Holding(offer_id="8", ended=1.0)

    async def held(words, limit=5):
        offers = await core.lookups.suggest_held("kajabi", JANE.address.upper(), words, limit=limit)
        return [one.id for one in offers]

    assert await held("") == ["7", "9"]
    assert await held("", limit=1) == ["7"]
    assert await held("Year") == ["9"]
    assert await held("bundle gold") == ["7"]
    assert await held("starter") == []


async def test_what_is_held_and_known_nowhere_can_be_chosen_by_its_id(core):
    core.booth.holds("55")

    (offer,) = await core.lookups.suggest_held("kajabi", JANE.address, "55", limit=5)

    assert (offer.id, offer.title, offer.listed) == ("55", "Offer 55", False)
    assert await core.lookups.match("kajabi", "kajabi:55") == offer


async def test_nothing_is_completed_for_a_customer_who_is_not_there(core):
    with pytest.raises(ContactNotFound):
        await core.lookups.suggest_held("kajabi", "nobody@example.com", "", limit=5)


# --- requests ------------------------------------------------------------------------------------------------------


async def listed(core, which, by, **told):
    return [one.id for one in (await core.lookups.requests(which, by=by, **told)).requests]


async def test_everybody_lists_their_own_and_who_decides_lists_all(core):
    adas = await core.asked()
    mallorys = await core.approved(requester=MALLORY)
    both = [mallorys.request.id, adas.request.id]

    assert await listed(core, "mine", ADA) == [adas.request.id]
    assert await listed(core, "recent", ADA) == [adas.request.id]
    assert await listed(core, "recent", BOB) == both
    assert await listed(core, "mine", BOB) == []
    assert await listed(core, "waiting", BOB) == [adas.request.id]
    assert await listed(core, "waiting", MALLORY) == []


async def test_what_is_still_being_prepared_waits_too(core):
    case = await core.asks()

    assert await listed(core, "waiting", BOB) == [case.request.id]
    assert (await core.again(case)).request.state is State.PREPARING


async def test_a_list_goes_on_where_its_page_ended(core):
    cases = [await core.asks(key=f"form-{number}") for number in range(3)]
    page = await core.lookups.requests("recent", by=BOB, limit=2)

    rest = await core.lookups.requests("recent", by=BOB, limit=2, before=page.next)

    assert [one.id for one in (*page.requests, *rest.requests)] == [one.request.id for one in reversed(cases)]


async def test_why_tells_the_story_to_whose_business_it_is(core):
    case = await core.approved()
    core.clock.passes(LEASE)

    for by, channel in ((ADA, None), (BOB, None), (MALLORY, "CSALES")):
        told = await core.lookups.why(case.request.id, by=by, channel=channel)
        assert told.case.request.id == case.request.id
        assert [one.name for one in told.events] == ["request.submitted", "request.prepared", "request.approved"]


async def test_why_tells_nobody_else_and_nothing_of_what_is_not_there(core):
    case = await core.asked()

    with pytest.raises(NotConcerned):
        await core.lookups.why(case.request.id, by=MALLORY)
    with pytest.raises(RequestNotFound):
        await core.lookups.why("R-9999", by=ADA)

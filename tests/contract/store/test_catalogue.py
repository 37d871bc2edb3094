from dataclasses import replace

import pytest

from bot.domain.request import Offer
from tests.contract.store.world import NOW


def offer(number, title, **fields):
    return Offer(provider="kajabi", id=str(number), title=title, **fields)


SHELF = (
    offer(1, "Yoga Basics", internal_title="spring-campaign"),
    offer(2, "Bundle: yoga & more"),
    offer(3, "Café Crème", description="coffee", price=900, currency="EUR", recurring=True, products=("A", "B")),
    offer(44, "Anatomy"),
)


@pytest.fixture
async def shelf(store):
    await store.remember_offers("kajabi", SHELF, now=NOW, whole=True)
    return store


async def titles(store, words="", limit=10):
    return [one.title for one in await store.suggest("kajabi", words, limit=limit)]


async def test_without_words_the_first_offers_by_title_come(shelf):
    assert await titles(shelf) == ["Anatomy", "Bundle: yoga & more", "Café Crème", "Yoga Basics"]
    assert await titles(shelf, limit=2) == ["Anatomy", "Bundle: yoga & more"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("yoga", ["Bundle: yoga & more", "Yoga Basics"]),
        ("YO", ["Bundle: yoga & more", "Yoga Basics"]),
        ("yo ba", ["Yoga Basics"]),
        ("basics yoga", ["Yoga Basics"]),
        ("cafe creme", ["Café Crème"]),
        ("CAFÉ", ["Café Crème"]),
        ("spring", ["Yoga Basics"]),
        ("44", ["Anatomy"]),
        ("oga", []),
        ("yoga nothing", []),
        ("yoga & more", ["Bundle: yoga & more"]),
    ],
)
async def test_every_word_is_found_by_its_beginning(shelf, words, found):
    assert await titles(shelf, words) == found


@pytest.mark.parametrize(
    "words",
    [
        '"',
        '""',
        "'",
        "*",
        "(",
        "yoga OR",
        "NOT yoga",
        "title:yoga",
        "yoga NEAR(",
        "a\0b",
        "-",
        "^x",
        "{id}:1",
        "\ud800",
    ],
)
async def test_what_people_type_is_never_syntax(shelf, words):
    assert await titles(shelf, words) in ([], ["Bundle: yoga & more", "Yoga Basics"])


async def test_an_offer_comes_back_as_it_was_remembered(shelf):
    assert await shelf.cached_offer("kajabi", "3") == SHELF[2]
    assert (await shelf.suggest("kajabi", "café", limit=1))[0] == SHELF[2]
    assert await shelf.cached_offer("kajabi", "5") is None
    assert await shelf.cached_offer("capillary", "3") is None


async def test_an_offer_that_left_the_list_is_known_but_not_suggested(shelf):
    await shelf.remember_offers("kajabi", SHELF[1:], now=NOW, whole=True)

    assert await titles(shelf) == ["Anatomy", "Bundle: yoga & more", "Café Crème"]
    assert await titles(shelf, "basics") == []
    assert await shelf.cached_offer("kajabi", "1") == replace(SHELF[0], listed=False)
    await shelf.remember_offers("kajabi", SHELF, now=NOW, whole=True)
    assert await titles(shelf, "basics") == ["Yoga Basics"]


async def test_one_offer_read_again_leaves_the_others_listed(shelf):
    await shelf.remember_offers("kajabi", [offer(1, "Zen Basics"), offer(5, "Breath")], now=NOW, whole=False)

    assert await titles(shelf) == ["Anatomy", "Breath", "Bundle: yoga & more", "Café Crème", "Zen Basics"]
    assert await titles(shelf, "yoga") == ["Bundle: yoga & more"]


async def test_the_order_holds_however_the_offers_come(store):
    numbers = [(number * 7919) % 500 for number in range(500)]
    for number in numbers:
        await store.remember_offers("kajabi", [offer(number, f"Course {number:03}")], now=NOW, whole=False)

    assert await titles(store, "course", limit=500) == [f"Course {number:03}" for number in range(500)]
    assert await titles(store, "", limit=500) == [f"Course {number:03}" for number in range(500)]


async def test_many_new_titles_fit_between_two(store):
    await store.remember_offers("kajabi", [offer(0, "a"), offer(1, "z")], now=NOW, whole=True)
    names = [f"m{number:04}" for number in range(2000)]
    await store.remember_offers(
        "kajabi", [offer(number, name) for number, name in enumerate(names, 2)], now=NOW, whole=False
    )
    for number in range(40):  # always right after the first one
        await store.remember_offers("kajabi", [offer(9000 + number, f"b{99 - number}")], now=NOW, whole=False)

    expected = ["a", *(f"b{number}" for number in range(60, 100)), *names, "z"]
    assert await titles(store, limit=5000) == expected


async def test_offers_of_another_provider_are_not_mixed_in(shelf):
    other = Offer(provider="capillary", id="1", title="Yoga points")
    await shelf.remember_offers("capillary", [other], now=NOW, whole=True)

    assert await titles(shelf, "yoga") == ["Bundle: yoga & more", "Yoga Basics"]
    assert await shelf.suggest("capillary", "yoga", limit=5) == [other]
    assert await shelf.suggest("capillary", "", limit=5) == [other]
    assert await shelf.suggest("unheard-of", "", limit=5) == []


async def test_the_age_of_the_list_is_known(store):
    assert await store.offers_age("kajabi", now=NOW) is None
    await store.remember_offers("kajabi", SHELF[:1], now=NOW, whole=False)
    assert await store.offers_age("kajabi", now=NOW) is None
    await store.remember_offers("kajabi", SHELF, now=NOW, whole=True)
    await store.remember_offers("kajabi", SHELF[:1], now=NOW + 50, whole=False)
    assert await store.offers_age("kajabi", now=NOW + 60) == 60

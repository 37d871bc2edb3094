"""What Kajabi tells and does that other providers do not: prices, products, contacts that are created."""

import pytest

from bot.domain.errors import Rejected
from bot.domain.request import Action
from bot.ports import OfferQuery
from tests.contract.provider_worlds import by_address, change, kajabi_world, write


@pytest.fixture
async def world():
    async with kajabi_world() as world:
        yield world


async def test_offers_are_sorted_by_price(world):
    cheap = world.offer("Zebra", price_in_cents=100)
    dear = world.offer("apple", price_in_cents=90_000, recurring=True)
    middle = world.offer("Stripes", price_in_cents=5_000)

    async def found(**query) -> list[str]:
        return [one.id for one in await world.provider.list_offers(OfferQuery(by_price=True, **query))]

    assert await found() == [cheap, middle, dear]
    assert await found(descending=True) == [dear, middle, cheap]


async def test_an_offer_tells_what_it_costs(world):
    offer = world.offer("Bundle", price_in_cents=4_900, currency="EUR", subscription=True, internal_title="b-1")
    (listed,) = await world.provider.list_offers(OfferQuery())

    assert await world.provider.offer(offer) == listed
    assert (listed.price, listed.currency, listed.recurring, listed.internal_title) == (4_900, "EUR", True, "b-1")


async def test_an_offer_comes_with_the_titles_of_its_products(world):
    offer = await world.provider.offer(world.offer("Bundle", products=["Course A", "Course B"]))

    assert offer is not None
    assert offer.products == ("Course A", "Course B")


async def test_hostile_internal_titles_are_cut_and_stripped(world):
    for text in ("a\x00b\x1b[31m\x85", "x" * 1_000_000, "\ud800 lone half", "\u202etxt.exe\u2066"):
        offer = await world.provider.offer(world.offer("Bundle", internal_title=text))
        assert offer is not None
        assert offer.internal_title.isprintable()
        assert 0 < len(offer.internal_title) <= 2_000


async def test_a_second_creation_is_rejected_as_taken(world):
    with pytest.raises(Rejected) as caught:
        await write(world.provider, change(Action.CREATE, by_address(world.contact("jane@example.com"))))

    assert caught.value.code == "taken"


@pytest.mark.parametrize("action", [Action.GRANT, Action.REVOKE])
@pytest.mark.parametrize(
    ("trouble", "options"),
    [("empty", {}), ("broken_json", {}), ("wrong_shape", {}), ("wrong_shape", {"content": {"data": "x"}})],
)
async def test_a_success_without_a_readable_body_is_a_success(world, action, trouble, options):
    jane, offer = world.contact("jane@example.com"), world.offer("Bundle")
    if action is Action.REVOKE:
        world.give(jane, offer)
    world.trouble_writing(trouble, **options)

    receipt = await write(world.provider, change(action, jane, offer))

    assert receipt in {"200", "204"}
    assert world.holds(jane) == ({offer} if action is Action.GRANT else set())


async def test_what_is_not_there_is_told_by_its_code(world):
    jane, gone = world.contact("jane@example.com"), world.contact("gone@example.com")
    world.local.delete_contact(gone.id)
    for contact, offer_id in ((jane, "888888"), (gone, world.offer("Bundle"))):
        with pytest.raises(Rejected) as caught:
            await write(world.provider, change(Action.GRANT, contact, offer_id))
        assert caught.value.code == "not_found"


async def test_missing_permission_is_told_by_its_code(world):
    world.trouble_writing("forbidden")
    with pytest.raises(Rejected) as caught:
        await write(world.provider, change(Action.GRANT, world.contact("jane@example.com"), world.offer("B")))

    assert caught.value.code == "forbidden"

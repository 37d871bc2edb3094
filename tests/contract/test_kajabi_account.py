import pytest

from bot.domain.errors import OfferElsewhere, Rejected
from bot.domain.request import Contact
from bot.ports import OfferQuery
from bot.sandbox.kajabi import Conduct
from tests.contract.provider_worlds import kajabi_world, read


@pytest.fixture
async def world():
    async with kajabi_world() as world:
        yield world


# --- lists ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("meta", ["pages", "total"])
@pytest.mark.parametrize("largest", [100, 40])
async def test_every_page_is_read_whatever_size_the_pages_have(meta, largest):
    async with kajabi_world(conduct=Conduct(meta=meta, largest_page=largest), sites=2) as world:
        mine = {world.offer(f"Offer {number:03}") for number in range(250)}
        world.local.add_offer("Elsewhere", site=list(world.local.books.sites)[1])
        world.local.add_offer("Archived", archived=True)
        offers = await world.provider.list_offers(OfferQuery())

        assert {one.id for one in offers} == mine
        assert len(world.local.called("GET", "/v1/offers")) == -(-250 // largest)
        assert all("title" in one.query["fields[offers]"] for one in world.local.called("GET", "/v1/offers"))


@pytest.mark.parametrize(
    "host", ["https://kajabi.example", "http://127.0.0.1:1", "//kajabi.example", "ftp://127.0.0.1"]
)
async def test_a_list_that_goes_on_elsewhere_is_not_followed(world, host):
    world.offer("Bundle")
    world.local.trouble("foreign_next", path="/v1/offers", host=host)

    with pytest.raises(Rejected) as caught:
        await world.provider.list_offers(OfferQuery())

    assert caught.value.code == "foreign_link"
    assert len(world.local.called("GET", "/v1/offers")) == 1


async def test_a_list_whose_pages_go_in_a_circle_ends(world):
    offer = world.offer("Bundle")
    world.local.trouble("foreign_next", path="/v1/offers", host="")

    assert [one.id for one in await world.provider.list_offers(OfferQuery())] == [offer]
    assert len(world.local.called("GET", "/v1/offers")) <= 2


async def test_a_list_without_an_end_is_given_up():
    async with kajabi_world(conduct=Conduct(largest_page=1)) as world:
        for number in range(25):
            world.contact(f"x{number}jane@example.com")
        with pytest.raises(Rejected) as caught:
            await read(world.provider, Contact(provider="kajabi", address="jane@example.com"))

        assert caught.value.code == "too_many"
        assert len(world.local.called("GET", "/v1/contacts")) == 20


# --- the site ------------------------------------------------------------------------------------------------------


async def test_the_only_site_is_found_by_itself_and_once():
    async with kajabi_world(site_id=None) as world:
        world.contact("jane@example.com")
        for _ in range(2):
            await world.provider.list_offers(OfferQuery())

        assert len(world.local.called("GET", "/v1/sites")) == 1
        assert all(one.ok for one in await world.provider.check())


async def test_several_sites_want_the_setting_and_are_named():
    async with kajabi_world(site_id=None, sites=2) as world:
        with pytest.raises(Rejected, match=r"KAJABI_SITE_ID .*: \d+ \(Site 1\), \d+ \(Site 2\)"):
            await world.provider.list_offers(OfferQuery())
        (failed,) = [one for one in await world.provider.check() if not one.ok]

        assert "KAJABI_SITE_ID" in failed.says


async def test_a_site_that_is_not_there_is_named_by_the_check():
    async with kajabi_world(site_id="77") as world:
        (failed,) = [one for one in await world.provider.check() if not one.ok]

        assert failed.name == "Kajabi site"
        assert "KAJABI_SITE_ID" in failed.says
        assert "(Site 1)" in failed.says


async def test_an_offer_of_another_site_is_elsewhere(world):
    jane, offer = world.contact("jane@example.com"), world.other_site_offer()
    with pytest.raises(OfferElsewhere):
        await world.provider.offer(offer)
    with pytest.raises(OfferElsewhere):
        await read(world.provider, jane, offer)


async def test_a_site_filter_that_is_not_obeyed_lets_nothing_through(world):
    stranger = world.contact("stranger@example.com")

    def of_other_site(kind: str, **told: str) -> dict:
        site = {"data": {"type": "sites", "id": "999"}}
        return {"data": [{"type": kind, "id": stranger.id, "attributes": told, "relationships": {"site": site}}]}

    world.local.trouble("wrong_shape", path="/v1/offers", content=of_other_site("offers", title="Bundle"))
    contact = of_other_site("contacts", email="jane@example.com")
    world.local.trouble("wrong_shape", path="/v1/contacts", content=contact)

    assert await world.provider.list_offers(OfferQuery()) == []
    assert (await read(world.provider, Contact(provider="kajabi", address="jane@example.com"))).contact is None


# --- the checks ----------------------------------------------------------------------------------------------------


async def test_the_checks_say_what_is_wrong_with_the_key():
    async with kajabi_world(client_secret="wrong") as world:
        *passed, failed = await world.provider.check()

        assert [one.ok for one in passed] == [True]
        assert "KAJABI_CLIENT_SECRET" in failed.says


@pytest.mark.parametrize("what", ["offers", "contacts", "purchases"])
async def test_the_checks_name_the_missing_permission(world, what):
    world.local.trouble("forbidden", path=f"/v1/{what}")
    (failed,) = [one for one in await world.provider.check() if not one.ok]

    assert f"permission to view {what}" in failed.says


async def test_the_checks_stop_where_nothing_answers(world):
    world.local.trouble("html", path="/v1/version", status=404)
    (failed,) = await world.provider.check()

    assert not failed.ok

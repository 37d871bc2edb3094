"""The second provider on the page: what is seen of it, what is done in it, and how it goes wrong."""

import httpx
import pytest

from bot.sandbox.capillary import Kind, LocalCapillary
from bot.sandbox.page import open_page
from bot.sandbox.page.days import CAPILLARY, KAJABI
from bot.sandbox.page.rewards import PROMOTIONS, furnish_no_rewards, furnish_rewards
from bot.sandbox.town import CUSTOMERS
from tests.contract.capillary_world import Client, codes
from tests.unit.sandbox.page.windows import World


@pytest.fixture
async def capillary():
    async with LocalCapillary() as running:
        furnish_rewards(running)
        yield running


@pytest.fixture
async def page(slack, kajabi, process, capillary):
    async with open_page(World(slack, kajabi, process, capillary=capillary)) as page:
        yield page


@pytest.fixture
async def ada(window):
    return await window("Ada")


@pytest.fixture
async def api(capillary):
    """Capillary as a program with its key sees it."""
    async with httpx.AsyncClient(base_url=capillary.url, trust_env=False) as http:
        client = Client(http)
        await client.authenticate()
        yield client


async def shown(ada):
    kajabi, capillary = (await ada.get("/panel/provider"))["providers"]
    assert (kajabi["name"], kajabi["title"], capillary["title"]) == ("kajabi", "Kajabi", "Capillary")
    return capillary


async def customer(ada, name):
    return next(one for one in (await shown(ada))["contacts"] if one["name"] == name)


def promotion(capillary, name):
    return next(one for one in capillary.books.promotions.values() if one.name == name)


async def does(ada, **what):
    return await ada.post("/panel/provider", {"of": "capillary", **what})


async def test_it_shows_who_was_issued_what(ada):
    sam, jane = await customer(ada, "Sam Rivers"), await customer(ada, "Jane Doe")

    assert sam["email"] == "+447700900002 · sam@example.com · ext:CC-1002"
    assert [(one["title"], one["how"]) for one in sam["holds"]] == [
        ("Bring a Friend", "issued 35001, 35002, redeemed 1 times")
    ]
    assert [(one["title"], one["how"]) for one in jane["holds"]] == [("Sourdough Challenge", "enrolled")]


async def test_the_program_has_a_dozen_promotions_of_three_types_and_the_people_of_the_town(ada, capillary):
    panel = await shown(ada)

    assert {kind for _, kind, *_ in PROMOTIONS} == set(Kind)
    assert (len(PROMOTIONS), len(panel["contacts"])) == (12, len(CUSTOMERS))
    assert sum(one["for_all"] for one in panel["offers"]) == 3
    assert not [one for one in capillary.books.promotions.values() if one.starts > capillary.clock()]
    assert not capillary.calls


async def test_what_is_done_in_capillary_is_so_at_once(ada, capillary):
    cake, jane = promotion(capillary, "Birthday Cake"), capillary.customer("jane@example.com")
    both = {"contact_id": str(jane.id), "offer_id": str(cake.id)}

    assert (await does(ada, do="grant", **both))["ok"]
    assert str(cake.id) in capillary.holds(jane)
    assert (await does(ada, do="grant", **both))["error"] == "Capillary has no issue left for this customer."
    assert (await does(ada, do="revoke", **both))["ok"]
    assert str(cake.id) not in capillary.holds(jane)
    assert (await does(ada, do="revoke", **both))["error"] == "Jane Doe does not hold Birthday Cake."
    await does(ada, do="archive", offer_id=str(cake.id))
    assert not cake.active
    await does(ada, do="restore", offer_id=str(cake.id))
    assert cake.active
    assert capillary.calls == []
    await ada.told_of("provider")


@pytest.mark.parametrize("address", ["+4915112345678", "new@example.com", "ext:N-1"])
async def test_a_customer_is_added_by_any_identifier(ada, capillary, address):
    added = await does(ada, do="add_contact", email=address, name="Nell")

    assert (await customer(ada, "Nell"))["id"] == added["id"]
    assert (await customer(ada, "Nell"))["email"] == address
    again = await does(ada, do="add_contact", email=address)
    assert (again["ok"], again["error"].casefold()) == (False, f"{address} is there already.".casefold())


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ({"do": "dance"}, "There is nothing called 'dance' to do in Capillary."),
        ({"do": "archive", "offer_id": "0"}, "Capillary has no promotion 0."),
        ({"do": "grant", "contact_id": "0", "offer_id": "202001"}, "Capillary has no customer 0."),
        ({"do": "add_contact", "email": "nobody"}, "'nobody' is no e-mail address, no +mobile number and no ext:id."),
        ({"of": "shopify", "do": "grant"}, "There is no provider 'shopify'."),
    ],
)
async def test_what_cannot_be_done_is_said_in_a_sentence(ada, what, says):
    assert await does(ada, **what) == {"ok": False, "error": says}


async def test_what_everybody_has_is_given_to_nobody(ada, capillary):
    jane, points = capillary.customer("jane@example.com"), promotion(capillary, "Points Weekend")
    answer = await does(ada, do="grant", contact_id=str(jane.id), offer_id=str(points.id))

    assert answer["error"] == "Everyone has Points Weekend: there is nothing to issue."


async def test_the_calls_that_came_in_are_shown_without_secrets(ada, api):
    (call,) = (await shown(ada))["calls"]

    assert (call["path"], call["status"], call["body"]) == ("/v3/oauth/token/generate", 200, {"key": "key"})
    await ada.told_of("provider")


async def test_a_new_program_is_empty(capillary):
    empty = LocalCapillary()
    furnish_no_rewards(empty)

    assert (len(empty.books.programs), empty.books.promotions, empty.books.customers) == (1, {}, {})


# --- troubles --------------------------------------------------------------------------------------------------------


async def switch(ada, name, *, on=True, system="capillary"):
    answer = await ada.post("/panel/troubles", {"system": system, "name": name, "on": on})
    assert answer["ok"], answer
    return next(one["on"] for one in answer[system] if one["name"] == name)


async def test_each_provider_has_its_own_switches(ada, capillary, kajabi):
    troubles = await ada.get("/panel/troubles")
    assert {one["name"] for one in troubles["capillary"]} == CAPILLARY.keys() > KAJABI.keys()
    assert await switch(ada, "refuse")
    assert (len(capillary.troubles), len(kajabi.troubles)) == (1, 0)
    assert not await switch(ada, "refuse", on=False)
    assert await switch(ada, "slow", system="kajabi")
    assert (len(capillary.troubles), len(kajabi.troubles)) == (0, 1)


@pytest.mark.parametrize(
    ("name", "status", "told"),
    [("refuse", 403, None), ("server_error", 500, None), ("used_up", 200, [[8890]]), ("busy", 200, [[521]])],
)
async def test_a_switch_does_what_it_says_until_it_is_off(ada, api, capillary, *, name, status, told):
    jane, cake = capillary.customer("jane@example.com"), promotion(capillary, "Birthday Cake")
    await switch(ada, name)
    answer = await api.bulk("EARN", cake, jane)

    assert answer.status_code == status
    assert told is None or codes(answer) == told
    assert str(cake.id) not in capillary.holds(jane)
    await switch(ada, name, on=False)
    assert codes(await api.bulk("EARN", cake, jane)) == [[]]


async def test_trouble_with_changes_leaves_reading_alone(ada, api, capillary):
    await switch(ada, "refuse")

    assert (await api.held(capillary.customer("jane@example.com"))).status_code == 200

"""The sandbox with two providers: both on the page, each with its own troubles, and a grant through either."""

import pytest

from bot.sandbox.page.rewards import furnish_rewards
from tests.browser.knobs import approved, switched
from tests.browser.window import expect

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def rewards():
    return furnish_rewards


def held(world, address):
    return {world.capillary.promotion(one).name for one in world.capillary.holds(address)}


async def looks_at(window, provider, tab=None):
    await window.opens_panel("Provider")
    await window.panel.get_by_role("tab", name=provider, exact=True).click()
    if tab:
        await window.panel.get_by_role("tab", name=tab).click()


async def test_customers_and_promotions_are_changed_in_capillary_itself(window, world):
    olga = await window("Olga")
    await looks_at(olga, "Capillary")
    sam = olga.panel.get_by_role("listitem").filter(has_text="sam@example.com")
    await expect(sam.get_by_text("ext:CC-1002")).to_be_visible()
    await sam.get_by_role("button", name="Give an offer to Sam Rivers").click()
    await olga.page.get_by_role("menuitem", name="Birthday Cake").click()
    await expect(sam.get_by_text("Birthday Cake")).to_be_visible()
    assert held(world, "sam@example.com") == {"Bring a Friend", "Birthday Cake"}
    await sam.get_by_role("button", name="Take Birthday Cake from Sam Rivers").click()
    await expect(sam.get_by_text("Birthday Cake")).to_be_hidden()
    name = "Winter Warmers"
    await olga.panel.get_by_role("tab", name="Promotions").click()
    row = olga.panel.get_by_role("listitem").filter(has_text=name)
    await row.get_by_role("button", name="Deactivate").click()
    await expect(row.get_by_role("button", name="Activate", exact=True)).to_be_visible()
    assert [one.name for one in world.capillary.books.promotions.values() if not one.active] == [name]
    await expect(row.get_by_role("spinbutton")).to_have_count(0)


async def test_the_other_provider_is_one_click_away_and_keeps_what_it_had(window):
    olga = await window("Olga")
    await looks_at(olga, "Capillary", "Promotions")
    await expect(olga.panel.get_by_text("Bakers’ Dozen")).to_be_visible()
    await looks_at(olga, "Kajabi")
    await expect(olga.panel.get_by_text("Everything Bundle")).to_be_visible()
    await expect(olga.panel.get_by_role("tab", name="Mails")).to_be_visible()
    await looks_at(olga, "Capillary")
    await expect(olga.panel.get_by_role("tab", name="Mails")).to_have_count(0)


async def test_a_promotion_is_granted_through_slack_and_its_calls_are_shown(window, world):
    ada, grace, olga = await window("Ada"), await window("Grace"), await window("Olga")
    await looks_at(olga, "Capillary", "Calls")
    await ada.asks("/offer grant ines@example.com late parcel on capillary because the parcel was lost twice")
    await approved(grace, "Grant Late Parcel Apology to Inês")
    await ada.sees("Inês Duarte now has Late Parcel Apology")
    assert held(world, "ines@example.com") == {"Late Parcel Apology"}
    await expect(olga.panel.get_by_text("/v2/promotion/bulk/enrolAndEarn").first).to_be_visible()


async def test_a_limit_that_is_used_up_is_no_success(window, world):
    ada, grace, olga = await window("Ada"), await window("Grace"), await window("Olga")
    assert await switched(olga, "used up", system="Capillary")
    await ada.asks("/offer grant noor@example.com birthday on capillary because it is her day")
    await approved(grace, "Grant Birthday Cake to Noor")
    await ada.sees("Birthday Cake was not granted to Noor de Vries")
    assert held(world, "noor@example.com") == set()
    assert not await switched(olga, "used up", system="Capillary")

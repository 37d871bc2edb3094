import pytest
import pytest_asyncio

from tests.browser.window import PATIENCE, expect
from tests.process.world import effects, holds

pytestmark = pytest.mark.asyncio(loop_scope="module")


#: seconds until the bot has looked, sent once more and looked again
LOOKING = 45


@pytest.fixture(autouse=True)
def calm(world):
    """No trouble outlives its test."""
    yield
    for trouble in world.kajabi.troubles:
        trouble.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def ada(window):
    return await window("Ada")


@pytest_asyncio.fixture(loop_scope="module")
async def grace(window):
    return await window("Grace")


def knob(window, name):
    return window.panel.locator("label.switch").filter(has=window.page.get_by_text(name, exact=True))


async def switched(window, name, *, times=None):
    """Flip a switch of the Troubles panel; whether it is on then."""
    await window.opens_panel("Troubles")
    if times:
        await window.panel.get_by_label("A trouble happens").select_option(times)
    switch = knob(window, name).get_by_role("switch")
    on = not await switch.is_checked()
    await knob(window, name).click()
    await expect(switch).to_be_checked(checked=on)
    return on


async def approved(grace, headline):
    await grace.sees(headline)
    await grace.opens_thread(headline)
    button = grace.thread.get_by_role("button", name="Approve")
    await expect(button).to_be_visible(timeout=PATIENCE * 1000)
    await button.click()


async def test_an_answer_that_is_lost_after_the_work_is_found_and_not_repeated(ada, grace, world):
    assert await switched(grace, "timeout after")
    await ada.asks("/offer grant jane@example.com kids because won a raffle")
    await approved(grace, "Grant Baking with Kids")
    await ada.sees("Jane Doe now has Baking with Kids")
    assert not await switched(grace, "timeout after")
    assert (holds(world) >= {"Baking with Kids"}, effects(world)) == (True, 1)


async def test_a_forgotten_grant_is_unknown_until_it_is_seen_or_settled(ada, grace, world):
    assert await switched(grace, "forget")
    await ada.asks("/offer grant noor@example.com pastry because lost her notes")
    await approved(grace, "Grant Pastry Basics")
    await ada.asks("/offer grant tariq@example.net kids because of the kids")
    await approved(grace, "Grant Baking with Kids to Tariq")
    settled, found = ada.message("Noor de Vries"), ada.message("Tariq Aziz")
    for card in (settled, found):
        await expect(card.get_by_text("Unknown", exact=True)).to_be_visible(timeout=LOOKING * 1000)
    assert not await switched(grace, "forget")

    await grace.message("Noor de Vries").get_by_role("button", name="Settle").click()
    await grace.form.get_by_role("radio", name="It is not done").check()
    await grace.form.get_by_role("textbox", name="How do you know?").fill("Looked at her page")
    await grace.form.get_by_role("button", name="Settle").click()
    await expect(grace.form).to_be_hidden()
    await ada.sees("Settled as not done")

    await grace.opens_panel("Provider")
    await grace.panel.get_by_role("button", name="Give an offer to Tariq Aziz").click()
    await grace.page.get_by_role("menuitem", name="Baking with Kids").click()
    await found.get_by_role("button", name="Look again").click()
    await ada.sees("Tariq Aziz now has Baking with Kids")
    assert "Pastry Basics" not in holds(world, "noor@example.com")


async def test_what_kajabi_refuses_is_failed_and_can_be_tried_again(ada, grace, world):
    assert await switched(grace, "refuse", times="1")
    await ada.asks("/offer grant mia.chen@example.com sourdough because won the bake-off")
    await approved(grace, "Grant Sourdough Deep Dive")
    await ada.sees("nothing was changed")
    assert "Sourdough Deep Dive" not in holds(world, "mia.chen@example.com")
    await expect(knob(grace, "refuse").get_by_role("switch")).not_to_be_checked()

    await ada.message("asked by").get_by_role("button", name="Retry").click()
    await ada.sees("Mia Chen now has Sourdough Deep Dive")
    assert "Sourdough Deep Dive" in holds(world, "mia.chen@example.com")


@pytest.mark.parametrize("way", ["Kill (SIGKILL)", "Stop (SIGTERM)"])
async def test_a_bot_that_is_ended_and_started_again_goes_on(ada, grace, world, way):
    offer, words = {"K": ("Holiday Baking", "holiday"), "S": ("Gluten-free Kitchen", "gluten")}[way[0]]
    await ada.asks(f"/offer grant kofi@example.org {words} because of the wait")
    await ada.sees(f"Grant {offer}")
    await grace.opens_panel("Troubles")
    await grace.panel.get_by_role("button", name=way).click()
    await expect(grace.panel.get_by_text("Not running")).to_be_visible(timeout=PATIENCE * 1000)
    await ada.types("/offer help")
    await ada.sees("failed", within=ada.page.locator("body"))

    await grace.panel.get_by_role("button", name="Start", exact=True).click()
    await expect(grace.panel.get_by_text("Running, process")).to_be_visible(timeout=PATIENCE * 1000)
    await grace.panel.get_by_role("button", name="Close Troubles").click()
    await world.slack.connected()
    await approved(grace, f"Grant {offer}")
    await ada.sees(f"Kofi Mensah now has {offer}")

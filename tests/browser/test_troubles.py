import asyncio

import pytest
import pytest_asyncio

from bot.sandbox.page.days import KAJABI
from tests.browser.knobs import approved, knob, switched
from tests.browser.window import expect, until_true
from tests.process.world import effects, holds

pytestmark = pytest.mark.asyncio(loop_scope="module")


#: seconds until the bot has looked, sent once more and looked again
LOOKING = 90
#: troubles that a question meets, and what the person is told then
READING = {
    "slow": "Welcome Mini-Course (granted)",
    "rate_limit": "too many calls (429)",
    "server_error": "a failure of its own (500)",
    "html": "a failure of its own (503)",
    "token": "Welcome Mini-Course (granted)",
}


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


async def test_no_trouble_is_left_out():
    assert KAJABI.keys() == {*READING, "timeout_after", "timeout_before", "silence", "forget", "lag", "refuse"}


@pytest.mark.parametrize("name", READING)
async def test_when_kajabi_cannot_be_asked_the_person_is_told_why(ada, name):
    assert await switched(ada, name.replace("_", " "), times="1")
    await ada.types("/offer who jane@example.com")
    await ada.sees(READING[name])
    await expect(knob(ada, name.replace("_", " ")).get_by_role("switch")).not_to_be_checked()


async def test_what_nobody_can_see_is_not_told_as_done_and_is_made_once(ada, grace, world):
    """Late to be seen, never answered, never arrived: all at once, because each of them takes its time."""
    assert await switched(grace, "lag", times="1")
    await ada.asks("/offer grant lena@example.org pastry because she asked")
    await approved(grace, "Grant Pastry Basics to Lena")
    await expect(knob(grace, "lag").get_by_role("switch")).not_to_be_checked()
    assert await switched(grace, "silence", times="1")
    await ada.asks("/offer grant omar+baking@example.com gluten because of the flour")
    await approved(grace, "Grant Gluten-free Kitchen to Omar")
    await expect(knob(grace, "silence").get_by_role("switch")).not_to_be_checked()
    assert await switched(grace, "timeout before", times="1")
    await ada.asks("/offer grant ines@example.com holiday because of the holidays")
    await approved(grace, "Grant Holiday Baking to Inês")

    late = ada.message("Grant Pastry Basics to Lena Fischer")
    await expect(late.get_by_text("Unknown", exact=True)).to_be_visible(timeout=LOOKING * 1000)
    for words in ("Inês Duarte now has Holiday Baking", "Omar Haddad now has Gluten-free Kitchen"):
        await expect(ada.channel.get_by_text(words).last).to_be_visible(timeout=LOOKING * 1000)
    await until_true(lambda: found(ada, late, "Lena Fischer now has Pastry Basics"), what="it is not found")
    for address, title in (("ines@example.com", "Holiday Baking"), ("omar+baking@example.com", "Gluten-free Kitchen")):
        assert holds(world, address) == {title}
    assert "Pastry Basics" in holds(world, "lena@example.org")


async def found(window, card, words):
    """People look again and again until it is there."""
    if await window.channel.get_by_text(words).count():
        return True
    again = card.get_by_role("button", name="Look again")
    if await again.count():
        await again.click()
    await asyncio.sleep(2)
    return False


async def test_an_answer_that_is_lost_after_the_work_is_found_and_not_repeated(ada, grace, world):
    before = effects(world)
    assert await switched(grace, "timeout after")
    await ada.asks("/offer grant jane@example.com kids because won a raffle")
    await approved(grace, "Grant Baking with Kids")
    await ada.sees("Jane Doe now has Baking with Kids")
    assert not await switched(grace, "timeout after")
    assert (holds(world) >= {"Baking with Kids"}, effects(world) - before) == (True, 1)


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
    await expect(grace.panel.get_by_text("Not running")).to_be_visible()
    await ada.types("/offer help")
    await ada.sees("failed", within=ada.page.locator("body"))

    await grace.panel.get_by_role("button", name="Start", exact=True).click()
    await expect(grace.panel.get_by_text("Running, process")).to_be_visible()
    await grace.panel.get_by_role("button", name="Close Troubles").click()
    await world.slack.connected()
    await approved(grace, f"Grant {offer}")
    await ada.sees(f"Kofi Mensah now has {offer}")

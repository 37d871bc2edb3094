"""The pictures of the README of what takes longer: a limited time, a list, and the two steps of Capillary."""

import pytest
import pytest_asyncio

from bot.sandbox.local_world import local_world
from bot.sandbox.page.rewards import furnish_rewards
from tests.browser.drawing import WIDEST, drawn_anew, sized, taken

pytestmark = [pytest.mark.asyncio(loop_scope="module"), drawn_anew]

DAY = 86_400
LIST = b"""e-mail,name
sam@example.com,Sam Rivers
mia.chen@example.com,Mia Chen
omar+baking@example.com,Omar Haddad
lena@example.org,Lena Fischer
tariq@example,Tariq Aziz
noor@example.com,Noor de Vries
kofi@example.org,Kofi Mensah
yuki@example.nett,Yuki Tanaka
ines@example.com,In\xc3\xaas Duarte
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(browser, seed):
    async with local_world(http=False, seed=seed, rewards=furnish_rewards, showcase=True) as world:
        yield world


async def test_a_list(window, world):
    ada, grace = [await window(name, size=(WIDEST, 640)) for name in ("Ada", "Grace")]
    await ada.types("/offer bulk grant baking with kids because the spring course starts")
    spring = {"name": "spring course.csv", "mimeType": "text/csv", "buffer": LIST}
    await ada.form.locator("input[type=file]").set_input_files(spring)
    await ada.form.get_by_role("button", name="Send").click()
    await ada.sees("1 row is left out", within=ada.form)
    await ada.form.get_by_role("button", name="Close").last.click()
    await grace.opens_thread("Grant Baking with Kids")
    await grace.sees("cannot be used", within=grace.thread)
    await sized(grace, 760)
    await taken(grace, "list", of=grace.message("please decide", within=grace.thread))


async def test_a_limited_time(window, world):
    ada, grace = [await window(name, size=(WIDEST, 600)) for name in ("Ada", "Grace")]
    await ada.asks("/offer grant jane@example.com bundle for 30d because she may try it")
    await approves(grace, "Grant Everything Bundle")
    await ada.sees("It is taken back by itself")
    await taken(ada, "until", of=ada.channel)
    await world.timeline.forward(30 * DAY + 60)
    await ada.sees("Jane Doe no longer has Everything Bundle")
    await taken(ada, "ended", of=ada.channel)


async def test_the_two_steps_of_capillary(window, world):
    ada, grace, olga = [await window(name, size=(WIDEST, 640)) for name in ("Ada", "Grace", "Olga")]
    await ada.asks("/offer grant mia.chen@example.com sourdough challenge on capillary because won the bake-off")
    await approves(grace, "Grant Sourdough Challenge")
    await approves(olga, "Grant Sourdough Challenge")
    await grace.sees("Mia Chen now has Sourdough Challenge", within=grace.thread)
    await taken(grace, "capillary", of=grace.thread)


async def approves(window, headline):
    await window.opens_thread(headline)
    await window.thread.get_by_role("button", name="Approve").click()

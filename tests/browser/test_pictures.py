"""The pictures of the README: one grant, as the people see it."""

import re
import struct

import pytest
import pytest_asyncio

from bot.sandbox.local_world import local_world
from tests.browser.drawing import LARGEST, NAMES, PICTURES, ROOT, WIDEST, drawn_anew, sized, taken
from tests.browser.window import expect


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(browser, seed):
    async with local_world(http=False, seed=seed, showcase=True) as world:
        yield world


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_shows_the_picture_and_it_is_small(name):
    path = PICTURES / f"{name}.png"
    shown = re.findall(r"!\[([^\]]+)\]\(([^)]+\.png)\)", (ROOT / "README.md").read_text())
    content = path.read_bytes()
    wide, _ = struct.unpack(">II", content[16:24])

    assert str(path.relative_to(ROOT)) in [link for _, link in shown]
    assert (len(content) < LARGEST, wide <= WIDEST) == (True, True)


def test_no_picture_is_left_that_nothing_shows():
    assert sorted(path.name for path in PICTURES.iterdir()) == sorted(f"{name}.png" for name in NAMES)


@pytest.mark.asyncio(loop_scope="module")
@drawn_anew
async def test_the_pictures_are_made_again(window, world):
    ada, grace = [await window(name, size=(WIDEST, 640)) for name in ("Ada", "Grace")]
    await ada.types("/offer grant jane@example.com bundle because refund case 4412")
    await ada.sees("Then:", within=ada.form)
    await sized(ada, 790)
    await taken(ada, "form", of=ada.form)
    await ada.form.get_by_role("button", name="Send").click()
    await sized(ada, 500)
    await expect(ada.message("Grant Everything").get_by_text("1 reply")).to_be_visible()
    await taken(ada, "waiting")
    await sized(ada, 420)
    await grace.opens_thread("Grant Everything Bundle")
    await grace.thread.get_by_role("button", name="Approve").click()
    await grace.sees("Jane Doe now has Everything Bundle", within=grace.thread)
    await sized(grace, 420)
    await taken(grace, "verified")

    with world.kajabi.trouble("forbidden", method="POST", path="*/relationships/offers"):
        await ada.asks("/offer grant mia.chen@example.com sourdough because won the bake-off")
        await sized(grace, 640, wide=1280)
        await grace.opens_thread("Grant Sourdough Deep Dive")
        await grace.thread.get_by_role("button", name="Approve").click()
        await ada.sees("nothing was changed")
    await taken(ada, "failed")

    await ada.asks("/offer grant lena@example.org kids because a gift")
    await sized(grace, 646)
    await grace.goes("Offerdesk")
    await grace.channel.get_by_role("tab", name="Home").click()
    await grace.sees("Grant Baking with Kids")
    await expect(grace.channel.get_by_role("link", name=re.compile("^R-"))).to_have_count(3)
    await taken(grace, "home", of=grace.channel)

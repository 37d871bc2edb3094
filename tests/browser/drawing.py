"""How the pictures of the README are drawn. `OFFERDESK_PICTURES=1` makes them again; otherwise nothing is written."""

import os
from pathlib import Path

import pytest

from tests.browser.window import expect

ROOT = Path(__file__).parents[2]
PICTURES = Path(__file__).parent / "pictures"
NAMES = ("form", "waiting", "verified", "failed", "home", "until", "ended", "list", "capillary")
#: bytes, pixels
LARGEST, WIDEST = 90_000, 900
drawn_anew = pytest.mark.skipif(not os.environ.get("OFFERDESK_PICTURES"), reason="OFFERDESK_PICTURES is not set.")


async def sized(window, high, *, wide=WIDEST):
    await window.page.set_viewport_size({"width": wide, "height": high})


async def taken(window, name, *, of=None):
    await window.page.mouse.move(0, 0)
    await expect(window.page.locator(".toast")).to_have_count(0)
    PICTURES.mkdir(exist_ok=True)
    await (of or window.page).screenshot(path=PICTURES / f"{name}.png", animations="disabled", caret="hide")

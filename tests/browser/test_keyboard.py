import re

import pytest

from tests.browser.window import expect
from tests.process.world import holds

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: more than there is to go through
FAR = 60
NAME = "() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
KIND = "() => document.activeElement.type"


async def tabbed_to(window, name, *, back=False, kind=None):
    """Press Tab until what has the focus is called so, and is of this kind."""
    for _ in range(FAR):
        await window.page.keyboard.press("Shift+Tab" if back else "Tab")
        called, is_a = (await window.page.evaluate(NAME)).strip(), await window.page.evaluate(KIND)
        if called.startswith(name) and kind in {None, is_a}:
            return
    pytest.fail(f"Tab does not lead to {name!r}")


async def test_a_request_goes_from_start_to_approved_without_a_mouse(window, world):
    ada, grace = await window("Ada"), await window("Grace")
    await expect(ada.writing()).to_be_focused()
    await ada.page.keyboard.type("/of")
    await ada.page.keyboard.press("Enter")
    await ada.page.keyboard.type("grant jane@example.com")
    await ada.page.keyboard.press("Enter")
    await expect(ada.form).to_be_visible()
    await expect(ada.form.get_by_role("textbox", name="Customer")).to_have_value("jane@example.com")
    await expect(ada.form.get_by_role("textbox", name="Customer")).to_be_focused()
    await ada.page.keyboard.press("Tab")
    await expect(ada.form.get_by_role("combobox", name="Offer")).to_be_focused()
    await ada.page.keyboard.type("bread")
    await expect(ada.form.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    await ada.page.keyboard.press("ArrowDown")
    await ada.page.keyboard.press("ArrowUp")
    await ada.page.keyboard.press("Enter")
    await expect(ada.form.get_by_role("combobox", name="Offer")).to_have_value(re.compile("^Bread from Scratch"))
    await ada.page.keyboard.press("Tab")
    await expect(ada.form.get_by_role("textbox", name="For how many days")).to_be_focused()
    await tabbed_to(ada, "", kind="checkbox")  # over the parts of a date
    await expect(ada.form.get_by_role("checkbox")).to_be_focused()
    await ada.page.keyboard.press("Space")
    await expect(ada.form.get_by_role("checkbox")).to_be_checked()
    await ada.page.keyboard.press("Space")
    await ada.page.keyboard.press("Tab")
    await expect(ada.form.get_by_role("textbox", name="Reason")).to_be_focused()
    await ada.page.keyboard.type("by hand")
    await ada.sees("Then:", within=ada.form)
    await tabbed_to(ada, "Send")
    await ada.page.keyboard.press("Enter")
    await expect(ada.form).to_be_hidden()

    await grace.sees("Waiting for a decision")
    await expect(grace.message("Grant Bread").get_by_text("reply")).to_be_visible()
    await tabbed_to(grace, "1 reply", back=True)
    await grace.page.keyboard.press("Enter")
    await expect(grace.thread.get_by_role("button", name="Approve")).to_be_visible()
    await tabbed_to(grace, "Approve")
    await grace.page.keyboard.press("Enter")
    await ada.sees("Jane Doe now has Bread from Scratch")
    assert "Bread from Scratch" in holds(world)

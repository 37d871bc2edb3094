import pytest

from tests.browser.window import PHONE, expect
from tests.process.world import holds

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_on_a_phone_the_story_goes_from_screen_to_screen(window, world):
    ada = await window("Ada", size=PHONE, has_touch=True, is_mobile=True)
    grace = await window("Grace", size=PHONE, has_touch=True, is_mobile=True)
    await ada.assert_fits()
    await ada.channel.get_by_role("button", name="Back to the channels").click()
    await expect(ada.channel).to_be_hidden()
    await ada.assert_fits()
    await ada.goes("support")
    await ada.types("/offer grant jane@example.com bundle because refund case 4412")
    await ada.sees("Then:", within=ada.form)
    await ada.assert_fits()
    await ada.form.get_by_role("button", name="Send").click()
    await expect(ada.form).to_be_hidden()

    await grace.sees("Waiting for a decision")
    await grace.assert_fits()
    await grace.opens_thread("Grant Everything Bundle")
    await expect(grace.channel).to_be_hidden()
    button = grace.thread.get_by_role("button", name="Approve")
    await expect(button).to_be_visible()
    await grace.assert_fits()
    await button.click()
    await grace.sees("Jane Doe now has Everything Bundle", within=grace.thread)
    await grace.assert_fits()
    await grace.thread.get_by_role("button", name="Back to the channel").click()
    await grace.sees("Done, verified")
    await grace.assert_fits()
    await ada.channel.get_by_role("button", name="Back to the channels").click()
    await ada.goes("Offerdesk")
    await ada.sees("Done, verified")
    await ada.assert_fits()
    assert "Everything Bundle" in holds(world)


async def test_every_panel_fits_on_a_phone(window):
    olga = await window("Olga", size=PHONE, has_touch=True, is_mobile=True)
    for title in ("Troubles", "Policy", "Provider", "Inspector"):
        await olga.opens_panel(title)
        await expect(olga.panel.get_by_text("Looking …")).to_be_hidden()
        await olga.assert_fits()
        await olga.panel.get_by_role("button", name=f"Close {title}").click()
        await expect(olga.panel).to_be_hidden()
    await olga.page.get_by_role("button", name="Acting as").click()
    await expect(olga.page.get_by_role("menuitem").first).to_be_visible()
    await olga.assert_fits()

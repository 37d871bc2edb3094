import pytest

from tests.browser.window import expect
from tests.process.world import effects, holds

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def by_completion(ada):
    """`/offer grant …` written with what the page proposes."""
    field = ada.writing()
    await field.press_sequentially("/o")
    proposed = ada.channel.get_by_role("option")
    await expect(proposed.filter(has_text="/offer")).to_be_visible()
    await field.press("Tab")
    await expect(field).to_have_value("/offer ")
    await field.press_sequentially("gr")
    await expect(proposed).to_have_count(1)
    await field.press("Tab")
    await expect(field).to_have_value("/offer grant ")


async def test_three_people_in_three_windows_ask_approve_and_are_told(window, world):
    ada, grace, linus = await window("Ada"), await window("Grace"), await window("Linus")
    await grace.goes("alerts")
    await by_completion(ada)
    await ada.writing().press("Enter")

    await expect(ada.form).to_be_visible()
    form = ada.form
    await expect(form.get_by_role("textbox", name="Customer")).to_be_focused()
    await ada.page.keyboard.type("jane@example.com")
    await ada.page.keyboard.press("Tab")
    await expect(form.get_by_role("combobox", name="Offer")).to_be_focused()
    await ada.page.keyboard.type("everything")
    await expect(form.get_by_role("option")).to_have_count(1)
    await ada.page.keyboard.press("Enter")
    await ada.sees("Holds now:", within=form)
    await form.get_by_role("textbox", name="Reason").press_sequentially("refund case 4412")
    await ada.sees("Everything Bundle and Welcome Mini-Course", within=form)
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_be_hidden()

    await ada.sees("Waiting for a decision")
    badge = grace.place("support").get_by_label("unread")
    await expect(badge).to_be_visible()
    await grace.goes("support")
    await expect(badge).to_be_hidden()
    await grace.opens_thread("Grant Everything Bundle")
    await linus.channel.get_by_role("tab", name="Messages").click()
    asked = linus.message("please decide")
    await expect(asked.get_by_role("button", name="Approve")).to_be_visible()

    await grace.thread.get_by_role("button", name="Approve").click()
    for one in (ada, grace):
        await one.sees("Done, verified")
    await grace.sees("Jane Doe now has Everything Bundle", within=grace.thread)
    await expect(grace.thread.get_by_role("button", name="Approve")).to_have_count(0)
    await expect(linus.channel.get_by_role("button", name="Approve")).to_have_count(0)
    await expect(ada.place("Offerdesk")).to_have_class("place unread")
    await ada.goes("Offerdesk")
    await ada.sees("Done, verified")
    await expect(ada.place("Offerdesk")).not_to_have_class("place unread")
    assert ("Everything Bundle" in holds(world), effects(world)) == (True, 1)

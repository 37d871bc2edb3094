import re

import pytest

from tests.browser.knobs import approved
from tests.browser.window import expect
from tests.process.world import holds

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_provider_panel_changes_while_it_is_open(window, world):
    olga = await window("Olga")
    await olga.opens_panel("Provider")
    jane = olga.panel.get_by_role("listitem").filter(has_text="jane@example.com")
    await expect(jane.get_by_text("Welcome Mini-Course")).to_be_visible()

    offers = {offer.title: offer for offer in world.kajabi.books.offers.values()}
    world.kajabi.grant("jane@example.com", offers["Holiday Baking"])
    await expect(jane.get_by_text("Holiday Baking")).to_be_visible()
    await jane.get_by_role("button", name="Take Holiday Baking from Jane Doe").click()
    await expect(jane.get_by_text("Holiday Baking")).to_be_hidden()
    await jane.get_by_role("button", name="Give an offer to Jane Doe").click()
    await olga.page.get_by_role("menuitem", name="Baking with Kids").click()
    await expect(jane.get_by_text("Baking with Kids")).to_be_visible()
    assert holds(world) == {"Welcome Mini-Course", "Baking with Kids"}


async def test_customers_and_offers_are_changed_in_the_provider_itself(window, world):
    olga = await window("Olga")
    await olga.opens_panel("Provider")
    await olga.panel.get_by_role("textbox", name="Name").fill("Zoe Ward")
    await olga.panel.get_by_role("textbox", name="Address").fill("zoe@example.com")
    await olga.panel.get_by_role("button", name="Add", exact=True).click()
    await olga.panel.get_by_role("searchbox", name="Find").fill("zoe")
    await expect(olga.panel.get_by_text("zoe@example.com")).to_be_visible()
    await olga.panel.get_by_role("searchbox", name="Find").fill("kids")
    await olga.panel.get_by_role("tab", name="Offers").click()
    row = olga.panel.get_by_role("listitem")
    await expect(row).to_have_count(1)
    await row.get_by_role("spinbutton").fill("31.50")
    await row.get_by_role("button", name="Set price").click()
    await expect(row.get_by_text("31.50 USD")).to_be_visible()
    await row.get_by_role("button", name="Archive").click()
    await expect(row.get_by_role("button", name="Restore")).to_be_visible()
    kids = next(offer for offer in world.kajabi.books.offers.values() if offer.title == "Baking with Kids")
    assert (kids.price_in_cents, kids.archived) == (3150, True)
    await row.get_by_role("button", name="Restore").click()
    await expect(row.get_by_role("button", name="Archive")).to_be_visible()
    assert not kids.archived


async def test_a_mail_that_kajabi_sends_is_shown_while_one_looks(window):
    ada, grace, olga = await window("Ada"), await window("Grace"), await window("Olga")
    await olga.opens_panel("Provider")
    await olga.panel.get_by_role("tab", name="Mails").click()
    await expect(olga.panel.get_by_text("No mail was sent.")).to_be_visible()
    await ada.types("/offer grant yuki@example.net pastry because a welcome")
    await ada.sees("Then:", within=ada.form)
    await ada.form.get_by_role("checkbox", name="Kajabi sends its welcome mail").check()
    await ada.form.get_by_role("button", name="Send").click()
    await expect(ada.form).to_be_hidden()
    await approved(grace, "Grant Pastry Basics to Yuki")
    await expect(olga.panel.get_by_role("listitem")).to_have_text([re.compile("yuki@example.net Pastry Basics")])


#: the widths of ten figures and of ten spaces, in the height of the letters
WIDTHS = """() => ['0123456789', ' '.repeat(10)].map((text) => {
  const one = Object.assign(document.createElement('span'), { textContent: text, style: 'white-space: pre' });
  document.body.append(one);
  const wide = one.getBoundingClientRect().width / parseFloat(getComputedStyle(one).fontSize);
  one.remove();
  return wide;
})"""


async def test_figures_and_spaces_are_those_of_a_font_for_text(window):
    figures, spaces = await (await window("Ada")).page.evaluate(WIDTHS)
    assert figures < 8
    assert spaces < 5


async def test_the_page_stands_still_whichever_switch_is_flipped(window):
    olga = await window("Olga")
    await olga.opens_panel("Troubles")
    switches = olga.panel.locator("label.switch")
    for last in (True, False):
        await switches.last.click()
        await expect(switches.last.get_by_role("switch")).to_be_checked(checked=last)
        assert await olga.page.evaluate("() => document.scrollingElement.scrollTop") == 0


async def test_the_calls_of_the_bot_come_in_while_one_looks(window):
    ada, olga = await window("Ada"), await window("Olga")
    await olga.opens_panel("Provider")
    await olga.panel.get_by_role("tab", name="Calls").click()
    await olga.panel.get_by_role("searchbox", name="Find").fill("contacts")
    before = await olga.panel.get_by_role("listitem").count()
    await ada.types("/offer who sam@example.com")
    await ada.sees("Bakers’ Circle")
    await expect(olga.panel.get_by_role("listitem").nth(before)).to_be_visible()


async def test_the_inspector_shows_each_payload_and_how_fast_it_was_acknowledged(window, world):
    ada, olga = await window("Ada"), await window("Olga")
    await olga.opens_panel("Inspector")
    await olga.panel.get_by_role("searchbox", name="Find").fill("/offer help")
    await ada.types("/offer help")
    entry = olga.panel.get_by_role("listitem").filter(has_text="/offer help").first
    await expect(entry.get_by_text("command", exact=True)).to_be_visible()
    took = await entry.locator(".ms").inner_text()
    assert 0 < int(took.removesuffix(" ms")) < 3000
    await entry.get_by_role("button").first.click()
    payload = await entry.locator("pre").first.inner_text()
    assert '"command": "/offer"' in payload
    shown = await olga.panel.inner_text()
    workspace = world.slack.workspace
    assert not [one for one in (workspace.bot_token, workspace.app_token, workspace.verification_token) if one in shown]
    await expect(olga.page.get_by_role("button", name="Acting as Olga")).to_be_visible()


async def test_one_person_can_become_another(window):
    ada = await window("Ada")
    await ada.writing().fill("half a thought")
    for name in ("Mallory", "Ada"):
        await ada.page.get_by_role("button", name="Acting as").click()
        await ada.page.get_by_role("menuitem", name=name).first.click()
        await expect(ada.page.get_by_role("button", name=f"Acting as {name}")).to_be_visible()
    await expect(ada.writing()).to_have_value("half a thought")

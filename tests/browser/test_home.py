import re

import pytest

from tests.browser.window import DESK, PHONE, expect
from tests.process.world import holds

pytestmark = pytest.mark.asyncio(loop_scope="module")
#: the id of a request, which links to its card
ID = re.compile("^R-")


@pytest.mark.parametrize(
    ("size", "customer", "name"), [(DESK, "jane@example.com", "Jane Doe"), (PHONE, "mia.chen@example.com", "Mia Chen")]
)
async def test_a_request_is_asked_for_and_decided_on_the_home(window, world, size, customer, name):
    ada, grace = await window("Ada", size=size), await window("Grace", size=size)
    for one in (ada, grace):
        if size is PHONE:
            await one.channel.get_by_role("button", name="Back to the channels").click()
        await one.goes("Offerdesk")
        await one.channel.get_by_role("tab", name="Home").click()
        await one.sees("Recent outcomes")
        await one.assert_fits()
    await ada.channel.get_by_role("button", name="Grant an offer").click()
    await ada.form.get_by_role("textbox", name="Customer").fill(customer)
    await ada.form.get_by_role("combobox", name="Offer").fill("holiday")
    await ada.form.get_by_role("option", name="Holiday Baking").click()
    await ada.form.get_by_role("textbox", name="Reason").fill("a present")
    await ada.sees("Then:", within=ada.form)
    await ada.form.get_by_role("combobox", name="Channel").click()
    await ada.form.get_by_role("option", name="support").click()
    await ada.form.get_by_role("button", name="Send").click()
    await expect(ada.form).to_be_hidden()

    await ada.sees("Waiting for a decision")
    question = await grace.sees("Grant Holiday Baking")
    await expect(question).to_be_visible()
    await grace.assert_fits()
    await grace.channel.get_by_role("button", name="Approve").click()
    for one in (grace, ada):
        await one.sees(f"{name} now has Holiday Baking")
        await one.assert_fits()
    await expect(grace.channel.get_by_role("button", name="Approve")).to_have_count(0)
    assert "Holiday Baking" in holds(world, customer)


async def test_the_id_of_a_request_leads_to_its_card(window):
    ada = await window("Ada")
    await ada.asks("/offer grant sam@example.com pastry because refund")
    await ada.sees("Waiting for a decision")
    await ada.goes("Offerdesk")
    await ada.channel.get_by_role("tab", name="Home").click()
    await ada.sees("Grant Pastry Basics to Sam Rivers")
    await ada.channel.get_by_role("link", name=ID).first.click()

    await ada.sees("Grant Pastry Basics to Sam Rivers", within=ada.thread)
    await expect(ada.channel.get_by_role("heading", name="support")).to_be_visible()


async def test_what_the_app_wrote_stays_unread_while_its_home_is_looked_at(window):
    ada, grace = await window("Ada"), await window("Grace")
    await ada.asks("/offer grant lena@example.org kids because a gift")
    await grace.opens_thread("Grant Baking with Kids")
    await ada.goes("Offerdesk")
    await ada.channel.get_by_role("tab", name="Home").click()
    await grace.thread.get_by_role("button", name="Approve").click()
    await ada.sees("Lena Fischer now has Baking with Kids")

    await expect(ada.place("Offerdesk")).to_have_class(re.compile("unread"))
    await ada.channel.get_by_role("tab", name="Messages").click()
    await expect(ada.place("Offerdesk")).not_to_have_class(re.compile("unread"))

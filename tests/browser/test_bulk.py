"""A list on a phone: the form takes a file, the card follows it, and the file in the thread is saved."""

from pathlib import Path

import pytest

from tests.browser.window import PHONE, expect

pytestmark = pytest.mark.asyncio(loop_scope="module")
LIST = (
    b"e-mail;name\n"
    b"jane@example.com;Jane\n"
    b"a very long line that is no address at all and goes on and on for many more words;x\n"
    b"omar+baking@example.com;Omar\n"
)


def read(path):
    return Path(path).read_text(encoding="utf-8-sig")


async def test_on_a_phone_a_list_goes_from_the_file_to_the_file(window):
    ada = await window("Ada", size=PHONE, has_touch=True, is_mobile=True)
    grace = await window("Grace", size=PHONE, has_touch=True, is_mobile=True)
    await ada.types("/offer bulk grant holiday baking because the spring course starts")
    await ada.sees("CSV, up to 10,000 customers", within=ada.form)
    await ada.assert_fits()
    spring = {"name": "the list of the spring course.csv", "mimeType": "text/csv", "buffer": LIST}
    await ada.form.locator("input[type=file]").set_input_files(spring)
    await ada.sees("the list of the spring course.csv", within=ada.form)
    await ada.assert_fits()
    await ada.form.get_by_role("button", name="Send").click()
    await ada.sees("1 row is left out", within=ada.form)
    await ada.assert_fits()
    await ada.form.get_by_role("button", name="Close").last.click()

    await grace.sees("Grant Holiday Baking to 2 customers")
    await grace.assert_fits()
    await grace.opens_thread("Grant Holiday Baking")
    await grace.sees("2 to do, 1 cannot be used", within=grace.thread)
    await grace.assert_fits()
    await grace.thread.get_by_role("button", name="Approve").click()
    await grace.sees("2 customers now have Holiday Baking", within=grace.thread)
    await expect(grace.thread.locator(".file a")).to_have_count(2)
    await grace.assert_fits()
    async with grace.page.expect_download() as saving:
        await grace.thread.locator(".file a").last.click()
    saved = await saving.value
    content = read(await saved.path())

    assert saved.suggested_filename.endswith(".csv")
    assert [row.split(",")[3] for row in content.splitlines()] == ["outcome", "done", "cannot be used", "done"]


async def test_at_a_desk_what_was_pasted_is_told_at_its_field(window):
    ada = await window("Ada")
    await ada.types("/offer bulk")
    await ada.form.get_by_role("textbox", name="Or paste the customers").fill("nobody in particular")
    await ada.form.get_by_role("textbox", name="Reason").fill("why not")
    await ada.form.get_by_role("combobox", name="Offer").press_sequentially("kids")
    await ada.form.get_by_role("option").filter(has_text="Baking with Kids").click()
    await ada.form.get_by_role("button", name="Send").click()

    await ada.sees("No row of the list can be used. Row 1, “nobody in particular”", within=ada.form)

import pytest
import pytest_asyncio

from bot.sandbox.page import open_page
from tests.browser.app import WAITS, app_world
from tests.browser.window import PATIENCE, expect
from tests.process.processes import until

pytestmark = pytest.mark.asyncio(loop_scope="module")

TYPED = {
    "customer": "jane@example.com",
    "reason": "two\nlines",
    "title": "Dr",
    "site": "https://example.com",
    "amount": "12",
}
FILES = [
    {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": b"a,b\n"} for name in ("people", "friends", "strangers")
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(browser):
    async with app_world() as both:
        yield both


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def url(running):
    async with open_page(running[0]) as page:
        yield page.url


@pytest_asyncio.fixture(loop_scope="module")
async def heard(running):
    before = running[1]
    before.actions.clear()
    before.sent.clear()
    before.closed.clear()
    before.refuses, before.waits, before.redraws, before.draws = {}, 0.0, 0, True
    return before


@pytest_asyncio.fixture(loop_scope="module")
async def ada(window, heard, running):
    ada = await window("Ada")
    yield ada
    await ada.page.close()
    running[0].slack.workspace.members["U0ADA"].modals.clear()


async def opened(ada, words):
    await ada.types(f"/offer {words}")
    await expect(ada.form).to_be_visible()
    return ada.form


async def picked(form, name, typed, option):
    """Type ahead in a select and take what is proposed."""
    box = form.get_by_role("combobox", name=name, exact=True)
    await box.press_sequentially(typed)
    await expect(form.get_by_role("option").filter(has_text=option).first).to_have_attribute("aria-selected", "true")
    await box.press("Enter")
    await expect(box).to_have_value(option)


async def test_every_element_is_filled_sent_and_read_back(ada, heard):
    form = await opened(ada, "everything")
    for name, words in TYPED.items():
        await form.get_by_role("textbox", name=name.title()).fill(words)
    await expect(form.get_by_text("31", exact=True)).to_be_visible()
    await picked(form, "Offer", "bun", "Bundle")
    await picked(form, "Kind", "ref", "Refund")
    await form.get_by_role("radio", name="Post").check()
    await form.get_by_role("checkbox", name="Card").check()
    await form.get_by_role("checkbox", name="Ribbon").check()
    await form.get_by_role("checkbox", name="Card").uncheck()
    await form.get_by_role("checkbox", name="Bow").check()
    await form.get_by_label("Day").fill("2026-12-24")
    await picked(form, "Who", "gra", "Grace")
    await picked(form, "Channel", "supp", "#support")
    await picked(form, "Where", "supp", "#support")
    await form.locator("input[type=file]").set_input_files(FILES)
    await expect(form.get_by_text("strangers.csv")).to_be_visible()
    await form.get_by_role("button", name="Remove friends.csv").click()
    await expect(form.get_by_text("friends.csv")).to_be_hidden()
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_be_hidden()

    sent = {name: fields[name] for name, fields in heard.sent[0].items()}
    chosen = {name: sent[name]["selected_option"]["value"] for name in ("offer", "kind", "way")}
    assert chosen == {"offer": "kajabi:0", "kind": "refund", "way": "post"}
    assert {name: sent[name]["value"] for name in TYPED} == TYPED
    assert [one["value"] for one in sent["extras"]["selected_options"]] == ["ribbon", "bow"]
    assert (sent["day"]["selected_date"], sent["who"]["selected_user"]) == ("2026-12-24", "U0GRACE")
    assert (sent["channel"]["selected_channel"], sent["where"]["selected_conversation"]) == ("C0SUPPORT", "C0SUPPORT")
    assert [file["name"] for file in sent["list"]["files"]] == ["people.csv", "strangers.csv"]


async def test_what_is_missing_or_refused_is_said_at_the_field(ada, heard):
    form = await opened(ada, "everything")
    await expect(form.get_by_role("textbox", name="Customer")).to_be_focused()
    await form.get_by_role("textbox", name="Customer").fill("jane")
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_text("Please complete this required field.")).to_have_count(10)
    await expect(form.get_by_text("Enter a valid email address")).to_be_visible()
    await expect(form.get_by_role("textbox", name="Customer")).to_have_attribute("aria-invalid", "true")
    assert heard.sent == []


async def test_what_the_app_refuses_is_said_at_the_field_and_nothing_typed_is_lost(ada, heard):
    form = await opened(ada, "stack")
    heard.refuses = {"name": "Nobody has this name."}
    field = form.get_by_role("textbox", name="Name")
    await field.press_sequentially("Zed")
    await field.press("Enter")
    await expect(form.get_by_role("alert").filter(has_text="Nobody has this name.")).to_be_visible()
    await expect(field).to_have_value("Zed")

    heard.refuses = {}
    await field.press("End")
    await field.press_sequentially("a")
    await field.press("Enter")
    await expect(form).to_be_hidden()
    assert [one["name"]["name"]["value"] for one in heard.sent] == ["Zed", "Zeda"]


async def test_a_redraw_loses_neither_words_nor_caret_nor_an_open_list(ada, heard):
    form = await opened(ada, "short")
    field = form.get_by_role("textbox", name="Customer")
    await field.press_sequentially("jane@example.com", delay=30)
    for _ in range(4):
        await field.press("ArrowLeft")
    await field.press_sequentially(".new", delay=30)
    await expect(field).to_have_value("jane@example.new.com")
    await field.press("Tab")
    box = form.get_by_role("combobox", name="Offer", exact=True)
    await expect(box).to_be_focused()
    await box.press_sequentially("bu", delay=30)
    await expect(form.get_by_role("option")).to_have_count(2)
    await box.press("ArrowDown")
    before = heard.redraws
    await until(lambda: heard.redraws > before + 3, within=PATIENCE)
    heard.draws = False
    await expect(form.get_by_text(f"Drawn {heard.redraws} times")).to_be_visible()
    await expect(form.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
    await box.press("Enter")
    await expect(box).to_have_value("Bun")
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_be_hidden()
    assert heard.sent[0]["customer"]["customer"]["value"] == "jane@example.new.com"
    assert heard.sent[0]["offer"]["offer"]["selected_option"]["value"] == "kajabi:1"


async def test_a_select_says_how_many_letters_it_wants_and_escape_closes_only_the_list(ada):
    form = await opened(ada, "everything")
    box = form.get_by_role("combobox", name="Offer", exact=True)
    await box.press_sequentially("b")
    await expect(form.get_by_text("Type at least 2 letters to search.")).to_be_visible()
    await box.press("Escape")
    await expect(form.get_by_text("Type at least 2 letters to search.")).to_be_hidden()
    await expect(form).to_be_visible()
    await box.press("Escape")
    await expect(form).to_be_hidden()


async def test_three_forms_stand_on_each_other_and_close_one_by_one_or_all(ada, heard):
    form = await opened(ada, "stack")
    await form.get_by_role("textbox", name="Name").fill("kept")
    for level in (2, 3):
        await form.get_by_role("button", name="One more").click()
        await expect(form.get_by_role("heading", name=f"Level {level}")).to_be_visible()
        await expect(form.get_by_role("textbox", name="Name")).to_be_focused()
    await ada.page.keyboard.press("Escape")
    await expect(form.get_by_role("heading", name="Level 2")).to_be_visible()
    await form.get_by_role("button", name="Back").click()
    await expect(form.get_by_role("heading", name="Level 1")).to_be_visible()
    await expect(form.get_by_role("textbox", name="Name")).to_have_value("kept")
    await form.get_by_role("button", name="One more").click()
    await expect(form.get_by_role("heading", name="Level 2")).to_be_visible()
    await form.get_by_role("button", name="Close", exact=True).first.click()
    await expect(form).to_be_hidden()
    await until(lambda: heard.closed[:2] == ["level 3", "level 2"], within=PATIENCE)


#: Escape as early as it can be: in the moment in which a form appears
ESCAPES = """() => new MutationObserver(() => document.activeElement.dispatchEvent(
  new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }),
)).observe(document.getElementById('over'), { childList: true })"""


async def test_escape_right_after_a_form_was_pushed_closes_that_form(ada, heard):
    form = await opened(ada, "stack")
    await ada.page.evaluate(ESCAPES)
    await form.get_by_role("button", name="One more").click()
    await until(lambda: heard.closed == ["level 2", "level 1"], within=PATIENCE)
    await expect(form).to_be_hidden()


async def test_escape_closes_the_form_also_when_the_focus_has_gone_astray(ada, heard):
    form = await opened(ada, "stack")
    await ada.page.evaluate("() => document.activeElement.blur()")
    await ada.page.keyboard.press("Escape")
    await expect(form).to_be_hidden()
    await until(lambda: heard.closed == ["level 1"], within=PATIENCE)


async def test_the_focus_stays_in_the_form_and_returns_to_where_it_was(ada):
    form = await opened(ada, "stack")
    reached = set()
    for _ in range(12):
        await ada.page.keyboard.press("Tab")
        assert await form.evaluate("form => form.contains(document.activeElement)")
        reached.add(await ada.page.evaluate("() => document.activeElement.textContent"))
    assert {"Send", "One more", "✕"} <= reached
    await ada.page.keyboard.press("Escape")
    await expect(form).to_be_hidden()
    await expect(ada.writing()).to_be_focused()


async def test_a_form_that_is_being_sent_shows_it_and_an_app_that_says_nothing_is_told_of(ada, heard):
    form = await opened(ada, "stack")
    heard.waits = WAITS + 1.5
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_have_attribute("aria-busy", "true")
    await expect(form.get_by_role("button", name="Send")).to_be_disabled()
    await expect(form.locator(".refused")).to_be_visible()
    await expect(form.get_by_role("button", name="Send")).to_be_enabled()
    await ada.page.keyboard.press("Escape")
    await expect(form).to_be_hidden()
    await ada.types("/offer nothing")
    await ada.sees("operation_timeout", within=ada.page.locator("body"))


async def test_a_message_shows_its_blocks_and_names_what_the_page_cannot_show(ada, heard):
    await ada.types("/offer message")
    message = ada.message("Everything in a message")
    await expect(message.get_by_role("row")).to_have_count(2)
    await expect(message.locator("strong", has_text="bold words")).to_be_visible()
    await expect(message.get_by_text("@Grace")).to_be_visible()
    await expect(message.get_by_role("link", name="a page")).to_have_attribute("href", "https://example.com/")
    await expect(message.get_by_role("listitem")).to_have_text(["flour", "water"])
    await expect(message.get_by_role("blockquote")).to_have_text("words of hers")
    await expect(message.locator("pre")).to_have_text("a  b")
    unknown = message.get_by_text("This page cannot show “timepicker”.")
    await expect(unknown).to_be_visible()
    await expect(unknown).to_have_css("border-style", "solid")
    await message.get_by_role("button", name="More", exact=True).click()
    await message.get_by_role("menuitem", name="Undo").click()
    await picked(message, "Select an option", "ref", "Refund")
    await message.get_by_role("button", name="Remove").click()
    await ada.page.get_by_role("alertdialog").get_by_role("button", name="Keep it").click()
    await message.get_by_role("button", name="Remove").click()
    await ada.page.get_by_role("alertdialog").get_by_role("button", name="Remove it").click()
    await expect(ada.page.get_by_role("alertdialog")).to_be_hidden()
    await until(lambda: len(heard.actions) == 3, within=PATIENCE)
    assert [one["action_id"] for one in heard.actions] == ["more", "kind", "sure"]
    assert [one["selected_option"]["value"] for one in heard.actions[:2]] == ["undo", "refund"]

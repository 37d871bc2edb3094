"""One person at one window: what they do, and what must be true of the page for all of it."""

import asyncio
import re
from urllib.parse import urlsplit

from playwright.async_api import expect

DESK, PHONE = (1280, 800), (390, 844)
FITS = "() => [document.scrollingElement.scrollWidth, innerWidth]"
#: seconds for whatever is expected: the bot and Kajabi may be needed for it, and the machine may be busy
PATIENCE = 30
expect.set_options(timeout=PATIENCE * 1000)


class Window:
    """Everything is found as a person finds it: by role and by words."""

    def __init__(self, page, origin):
        self.page = page
        self.origin = origin
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("console", self._heard)
        page.on("request", self._asked)
        page.on("websocket", self._asked)
        page.on("dialog", self._interrupted)

    def _heard(self, message):
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def _asked(self, request):
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != urlsplit(self.origin).netloc:
            self.faults.append(f"asked {request.url}")

    async def _interrupted(self, dialog):
        self.faults.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    # where things are

    @property
    def channel(self):
        return self.page.locator("main.channel")

    @property
    def thread(self):
        return self.page.get_by_role("complementary", name="Thread")

    @property
    def form(self):
        return self.page.get_by_role("dialog")

    @property
    def panel(self):
        return self.page.locator("aside.panel")

    def place(self, name):
        """An entry of the list of channels."""
        return self.page.get_by_role("navigation").locator("button.place", has_text=re.compile(f"^[^ ]? ?{name}"))

    def message(self, words, *, within=None):
        return (within or self.channel).get_by_role("article").filter(has_text=words).last

    def writing(self, *, in_thread=False):
        return (self.thread if in_thread else self.channel).locator("textarea")

    # what a person does

    async def types(self, words, *, in_thread=False):
        field = self.writing(in_thread=in_thread)
        await field.fill(words)
        await field.press("Escape")
        await field.press("Enter")

    async def goes(self, name):
        await self.place(name).click()

    async def opens_thread(self, words):
        await self.message(words).locator("button.replies").click()
        await expect(self.thread).to_be_visible()

    async def asks(self, command):
        """A whole request, with the form sent as it stands once it tells what will happen."""
        await self.types(command)
        await self.sees("Then:", within=self.form)
        await self.form.get_by_role("button", name="Send").click()
        await expect(self.form).to_be_hidden()

    async def opens_panel(self, title):
        button = self.page.get_by_role("group", name="Panels").get_by_role("button", name=title)
        if await button.get_attribute("aria-pressed") != "true":
            await button.click()
        await expect(self.panel).to_be_visible()

    # what a person sees

    async def sees(self, words, *, within=None):
        found = (within or self.channel).get_by_text(words).last
        await expect(found).to_be_visible()
        return found

    async def assert_fits(self):
        """Nothing scrolls sideways, once everything is drawn."""

        async def fits():
            wide, room = await self.page.evaluate(FITS)
            return wide <= room

        await until_true(fits, what="the page scrolls sideways")


async def until_true(ask, *, what):
    """Ask again and again, for what no `expect` knows."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not await ask():  # noqa: ASYNC110 - a browser tells of nothing by itself
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(what) from None


async def opened(context, url, *, person):
    """A window as somebody, once it is drawn."""
    page = await context.new_page()
    window = Window(page, url)
    await page.goto(f"{url}&as={person}")
    await expect(page.get_by_role("button", name="Acting as")).to_be_visible()
    return window


__all__ = ["DESK", "PATIENCE", "PHONE", "Window", "expect", "opened", "until_true"]

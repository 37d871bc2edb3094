import pytest

from bot.sandbox.town import furnish
from tests.browser.window import expect

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
LINKS = "<https://evil.example|https://bank.example> <javascript:alert(3)|click>"
EVIL = f"{SCRIPT} <!channel> <@U0GRACE> {LINKS} \u202egnp.exe\u202c"


@pytest.fixture(scope="module")
def seed():
    """Kajabi holds hostile names and titles."""

    def poison(kajabi):
        furnish(kajabi)
        product = kajabi.add_product(f"Product {SCRIPT}")
        kajabi.add_offer(f"Trap {SCRIPT} <!channel>", internal_title="trap", price_in_cents=100, products=[product])
        kajabi.add_contact("victim@example.com", f"Vic {SCRIPT} <!here>")

    return poison


DRAWN = """() => [
  ...[...document.body.querySelectorAll('script, img')].map((node) => node.outerHTML),
  ...[...document.body.querySelectorAll('a')].filter((a) => !a.textContent.startsWith(a.protocol)).map((a) => a.href),
]"""


async def drawn(one):
    """What hostile text would have become: scripts, pictures, links that lead elsewhere than they say."""
    return await one.page.evaluate(DRAWN)


async def test_a_hostile_message_is_text_to_everybody(window):
    ada, grace = await window("Ada"), await window("Grace")
    await ada.types(EVIL)
    for one in (ada, grace):
        await one.sees("<script>alert(1)</script>")
        assert await drawn(one) == []
    await expect(grace.place("support").get_by_label("unread")).to_be_hidden()


async def test_hostile_names_and_reasons_are_text_from_the_form_to_the_panels(window):
    ada, grace = await window("Ada"), await window("Grace")
    await ada.types("/offer grant victim@example.com trap")
    await ada.sees("Holds now:", within=ada.form)
    await ada.form.get_by_role("textbox", name="Reason").fill(f"Because {EVIL}"[:500])
    await ada.sees("Vic <script>", within=ada.form)
    assert await drawn(ada) == []
    await ada.form.get_by_role("button", name="Send").click()
    await expect(ada.form).to_be_hidden()

    await grace.sees("Grant Trap <script>")
    await grace.opens_thread("Grant Trap")
    await grace.thread.get_by_role("button", name="Approve").click()
    await ada.sees("Done, verified")
    for title in ("Provider", "Inspector", "Troubles"):
        await grace.opens_panel(title)
        await expect(grace.panel.get_by_text("Looking …")).to_be_hidden()
        assert await drawn(grace) == []
    assert await drawn(ada) == []


async def test_the_page_allows_itself_nothing_from_elsewhere(window, url):
    ada = await window("Ada")
    answer = await ada.page.reload()
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert not [word for word in ("unsafe-inline", "unsafe-eval", "*", "https:") if word in policy]
    assert "key=" not in ada.page.url


async def test_without_the_key_nothing_is_shown(browser, url):
    context = await browser.new_context()
    page = await context.new_page()
    answer = await page.goto(url.partition("?")[0])
    assert answer.status == 403
    await context.close()

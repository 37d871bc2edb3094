"""The switches of the Troubles panel, and a request that goes through while one of them is on."""

from tests.browser.window import expect


async def switched(window, name, *, times=None, system="Kajabi"):
    """Flip a switch of the Troubles panel; whether it is on then."""
    await window.opens_panel("Troubles")
    if times:
        await window.panel.get_by_label("A trouble happens").select_option(times)
    label = knob(window, name, system=system)
    switch = label.get_by_role("switch")
    await expect(switch).to_be_visible()
    on = not await switch.is_checked()
    await label.click()
    await expect(switch).to_be_checked(checked=on)
    return on


def knob(window, name, *, system="Kajabi"):
    section = window.panel.locator("section").filter(has=window.page.get_by_role("heading", name=system, exact=True))
    return section.locator("label.switch").filter(has=window.page.get_by_text(name, exact=True))


async def approved(grace, headline):
    await grace.sees(headline)
    await grace.opens_thread(headline)
    button = grace.thread.get_by_role("button", name="Approve")
    await expect(button).to_be_visible()
    await button.click()

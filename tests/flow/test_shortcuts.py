import pytest

from tests.flow.steps import field, has_field


async def from_message(desk, text, *, by=None):
    await (by or desk.mallory).types(text, channel="#support")
    message = desk.ada.messages("#support")[0]
    await desk.ada.uses_shortcut("request_from_message", message)
    return await desk.ada.sees("Send", in_="view")


async def test_the_shortcut_opens_an_empty_form_from_anywhere(desk):
    await desk.ada.opens_shortcut("request_offer")
    form = await desk.ada.sees("Grant an offer", in_="view")
    assert "What will happen shows here" in form.plain
    assert (
        await desk.ada.submits(channel="#support", customer="jane@example.com", offer="sourdough", reason="refund")
        == {}
    )

    await desk.grace.sees("Grant Sourdough Deep Dive to Jane Doe", in_="#support")


@pytest.mark.parametrize("transport", ["http"])
async def test_a_form_from_a_shortcut_turns_from_grant_to_revoke_and_back_with_what_was_typed(desk):
    await desk.ada.opens_shortcut("request_offer")
    await desk.ada.sees("Grant an offer", in_="view")
    await desk.ada.fills(customer="jane@example.com", reason="asked to leave")

    await desk.ada.presses("switch")
    await desk.ada.sees("Revoke an offer", in_="view")
    assert field(desk.ada, "customer") == "jane@example.com"
    assert not has_field(desk.ada, "welcome_email")
    assert await desk.ada.submits(channel="#support", offer="welcome") == {}

    card = await desk.grace.sees("Revoke Welcome Mini-Course from Jane Doe", in_="#support")
    assert "asked to leave" in card.plain


async def test_the_address_is_taken_out_of_a_message(desk):
    await from_message(desk, "Could somebody open the sourdough course for jane@example.com, please? Jane paid twice.")
    assert field(desk.ada, "customer") == "jane@example.com"
    assert not has_field(desk.ada, "channel")
    await desk.ada.sees("Customer: Jane Doe", in_="view")
    assert await desk.ada.submits(offer="sourdough", reason="paid twice") == {}

    await desk.grace.sees("Grant Sourdough Deep Dive to Jane Doe", in_="#support")


@pytest.mark.parametrize("transport", ["http"])
async def test_the_same_address_twice_in_a_message_is_one(desk):
    form = await from_message(desk, "jane@example.com wrote from Jane@Example.com")

    assert field(desk.ada, "customer").casefold() == "jane@example.com"
    assert "Which one" not in form.plain


@pytest.mark.parametrize("transport", ["http"])
async def test_of_several_addresses_in_a_message_a_person_chooses(desk):
    form = await from_message(desk, "jane@example.com and sam@example.com cannot log in")
    assert "Which one: jane@example.com or sam@example.com?" in form.plain
    assert field(desk.ada, "customer") == "jane@example.com sam@example.com"

    errors = await desk.ada.submits(offer="sourdough", reason="refund")

    assert errors == {"customer": "One request is for one customer. Which one: jane@example.com or sam@example.com?"}


@pytest.mark.parametrize("transport", ["http"])
async def test_a_message_without_an_address_asks_for_one(desk):
    form = await from_message(desk, "She cannot log in, says @Grace")

    assert "Whose access is it about?" in form.plain
    assert field(desk.ada, "customer") is None


@pytest.mark.parametrize("transport", ["http"])
@pytest.mark.parametrize("shortcut", ["request_offer", "request_from_message"])
async def test_a_guest_gets_no_form_but_the_reason(desk, shortcut):
    guest = desk.workspace.add_person("Gwen", guest=True)
    desk.workspace.join("#support", "Gwen")
    await desk.mallory.types("jane@example.com needs help", channel="#support")

    if shortcut == "request_offer":
        await guest.opens_shortcut(shortcut)
    else:
        await guest.uses_shortcut(shortcut, guest.messages("#support")[0])

    shown = await guest.sees("Guests can neither ask nor decide", in_="view")
    assert "jane@example.com" not in shown.plain

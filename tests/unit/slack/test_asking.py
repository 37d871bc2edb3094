import pytest

from bot.domain.request import State
from tests.unit.slack.front import BUNDLE, a_front


@pytest.fixture
async def front(tmp_path):
    async with a_front(tmp_path) as front:
        yield front


async def newest(front):
    return (await front.store.requests()).requests[0]


async def test_a_form_opens_at_once_filled_with_what_was_typed(front):
    front.shelf.down = True

    await front.ada.types("/offer grant jane@example.com gold bundle because refund 4412", channel="offers")
    form = await front.ada.sees("Grant an offer", in_="view")

    for words in ("jane@example.com", "Gold Bundle", "refund 4412"):
        assert words in form.plain


async def test_the_preview_fills_itself_in(front):
    await front.ada.types("/offer grant jane@example.com gold bundle because refund 4412", channel="offers")
    form = await front.ada.sees("Then:", in_="view")

    assert "Jane Doe · jane@example.com" in form.plain
    assert "Starter" in form.plain
    assert "No welcome mail is asked for." in form.plain


async def test_what_is_typed_while_the_preview_comes_is_kept(front):
    await front.ada.types("/offer grant because refund", channel="offers")
    await front.ada.sees("Grant an offer", in_="view")
    await front.ada.fills(reason="something else")
    await front.ada.fills(offer="Gold Bundle", customer="jane@example.com")
    await front.ada.sees("Holds now", in_="view")

    assert await front.ada.submits() == {}
    assert (await newest(front)).reason == "something else"


async def test_a_customer_typed_into_the_form_is_looked_up_once_complete(front):
    await front.ada.types("/offer grant", channel="offers")
    await front.ada.sees("Grant an offer", in_="view")
    await front.ada.fills(customer="jane@")
    assert front.shelf.reads == 0

    await front.ada.fills(customer="jane@example.com")

    await front.ada.sees("Jane Doe", in_="view")


async def test_sending_stores_the_request_and_closes_the_form(front):
    request_id = await front.asked()
    case = await front.store.case(request_id)

    assert front.ada.view is None
    assert (case.request.reason, case.main.contact.address) == ("refund 4412", "jane@example.com")
    assert (case.request.channel, case.request.offer) == ("C0OFFERS", BUNDLE)
    assert not case.request.welcome_email


async def test_sending_does_not_wait_for_a_provider_that_is_down(front):
    front.shelf.down = True
    await front.ada.types("/offer grant jane@example.com gold bundle because refund", channel="offers")
    await front.ada.sees("could not be reached", in_="view")

    assert await front.ada.submits() == {}
    assert (await newest(front)).state is State.PREPARING


async def test_the_welcome_mail_is_asked_for_only_when_the_box_is_ticked(front):
    await front.ada.types("/offer grant jane@example.com gold bundle because refund", channel="offers")
    await front.ada.sees("Grant an offer", in_="view")

    await front.ada.submits(welcome_email=["send"])

    assert (await newest(front)).welcome_email


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"customer": "jane"}, "customer", "is not an e-mail address"),
        ({"customer": "jane@example.com, jon@example.com"}, "customer", "One request is for one customer"),
        ({"reason": "   "}, "reason", "Say why"),
        ({"reason": "x" * 2000}, "reason", "1,500 fit"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(front, values, field, words):
    await front.ada.types("/offer grant jane@example.com gold bundle because refund", channel="offers")
    await front.ada.sees("Holds now", in_="view")

    errors = await front.ada.submits(**values)

    assert list(errors) == [field]
    assert words in errors[field]
    assert (await front.store.requests()).requests == ()
    assert await front.ada.submits(customer="jane@example.com", reason="refund") == {}


async def test_what_nobody_else_may_decide_is_refused_at_send(tmp_path):
    async with a_front(tmp_path, approvers=("U0ADA",)) as front:
        await front.ada.types("/offer grant jane@example.com gold bundle because refund", channel="offers")
        await front.ada.sees("Grant an offer", in_="view")

        errors = await front.ada.submits()

        assert "Nobody but you could approve this" in errors["reason"]


async def test_words_that_fit_several_offers_open_the_form_with_the_choices(front):
    await front.ada.types("/offer grant jane@example.com gold because refund", channel="offers")
    form = await front.ada.sees("Several offers fit", in_="view")

    assert "Gold Bundle" in form.plain
    assert "Gold Yearly" in form.plain
    assert "150.00 USD, recurring" in form.plain


async def test_a_time_limit_is_never_ignored_silently(front):
    await front.ada.types("/offer grant jane@example.com gold bundle until 5/6 because refund", channel="offers")
    form = await front.ada.sees("You wrote “until 5/6”", in_="view")

    assert "of which I can make nothing here" in form.plain
    await front.ada.sees("Holds now", in_="view")
    await front.ada.sees("You wrote “until 5/6”", in_="view")


async def test_a_reason_of_ten_thousand_characters_opens_a_form_that_says_so(front):
    await front.ada.types(f"/offer grant jane@example.com gold bundle because {'x' * 10_000}", channel="offers")

    await front.ada.sees("10,000 characters", in_="view")


async def test_a_command_in_a_direct_message_makes_the_form_ask_for_the_channel(front):
    await front.ada.types("/offer grant jane@example.com gold bundle because refund", channel="dm")
    await front.ada.sees("Channel in which it is decided", in_="view")

    await front.ada.submits(channel="offers")

    assert (await newest(front)).channel == "C0OFFERS"


async def test_with_an_approvals_channel_nobody_is_asked_where(tmp_path):
    async with a_front(tmp_path, approvals_channel="C0ALERTS") as front:
        await front.ada.types("/offer grant jane@example.com gold bundle because refund", channel="dm")
        await front.ada.sees("Grant an offer", in_="view")
        assert await front.ada.submits() == {}

        assert (await newest(front)).channel == "C0ALERTS"


async def test_the_shortcut_opens_an_empty_form_that_can_be_turned_into_a_revoke(front):
    await front.ada.opens_shortcut("request_offer")
    await front.ada.sees("Grant an offer", in_="view")
    await front.ada.fills(customer="jane@example.com", reason="asked to leave", channel="offers")
    await front.ada.presses("switch")
    await front.ada.sees("Revoke an offer", in_="view")

    assert await front.ada.submits(offer="Starter") == {}
    assert (await newest(front)).action == "revoke"


async def test_a_message_shortcut_takes_the_customer_out_of_the_message(front):
    message = await front.bob.types("Please help jane@example.com!", channel="offers")

    await front.ada.uses_shortcut("request_from_message", message)

    await front.ada.sees("Jane Doe", in_="view")


async def test_a_message_with_two_addresses_leaves_the_choice_to_the_person(front):
    message = await front.bob.types("jane@example.com or jon@example.com", channel="offers")

    await front.ada.uses_shortcut("request_from_message", message)

    await front.ada.sees("Which one: jane@example.com or jon@example.com?", in_="view")


async def test_a_revoke_offers_what_the_customer_holds(front):
    await front.ada.types("/offer revoke jane@example.com because asked to leave", channel="offers")
    await front.ada.sees("Holds now", in_="view")

    options = await front.ada.suggests("offer", "")

    assert [option["value"] for option in options] == ["kajabi:8"]


async def test_where_nothing_can_be_chosen_an_option_says_why_and_chooses_nothing(front):
    await front.ada.types("/offer revoke because asked to leave", channel="offers")
    await front.ada.sees("Revoke an offer", in_="view")

    (option,) = await front.ada.suggests("offer", "")
    assert option["text"]["text"] == "Give the customer’s e-mail address first."

    errors = await front.ada.submits(offer=option["text"]["text"], customer="jane@example.com")
    assert errors == {"offer": "Which offer? Choose one."}


async def test_the_type_ahead_finds_by_the_beginnings_of_words_and_tells_equal_titles_apart(front):
    await front.ada.types("/offer grant", channel="offers")
    await front.ada.sees("Grant an offer", in_="view")

    options = await front.ada.suggests("offer", "go bun")

    assert [one["text"]["text"] for one in options] == ["Gold Bundle · 199.00 USD · gold-26 · 7"]


async def test_an_unknown_customer_is_said_in_the_form_and_may_still_be_sent(front):
    await front.ada.types("/offer grant jon@example.com gold bundle because refund", channel="offers")
    await front.ada.sees("Kajabi knows no jon@example.com", in_="view")
    assert await front.ada.submits() == {}

    await front.works()

    assert (await newest(front)).note == "ContactNotFound"


async def test_an_unknown_customer_can_be_created_from_the_message_that_gives_the_request_back(front):
    await front.ada.types("/offer grant jon@example.com gold bundle because refund", channel="offers")
    await front.ada.sees("knows no", in_="view")
    await front.ada.submits()
    await front.works()
    given_back = await front.ada.sees("knows no contact", in_="dm")

    await front.ada.presses("Create the contact and ask", given_back)
    await front.ada.sees("Name of the new contact", in_="view")
    assert "A new contact needs a name." in (await front.ada.submits(name=" "))["name"]
    assert await front.ada.submits(name="Jon Roe") == {}

    asked = await newest(front)
    assert asked.creates_contact
    assert (await front.store.case(asked.id)).main.contact.name == "Jon Roe"


async def test_a_guest_sees_no_form(front):
    front.town.world.person("Ada").member.guest = True

    await front.ada.types("/offer grant jane@example.com", channel="offers")

    await front.ada.sees("Guests can neither ask nor decide", in_="offers")
    assert front.ada.view is None

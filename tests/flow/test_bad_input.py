"""Every line of bad input: its sentence, nothing lost, and nothing written that should not be."""

import json

import pytest

from tests.flow.steps import asked_for, chosen, field, forged, given_back, opened

pytestmark = pytest.mark.parametrize("transport", ["http"])

FORM = "/offer grant jane@example.com sourdough because refund"
#: what the form carries along
HIDDEN = {"provider": "kajabi", "channel": "C0SUPPORT", "asks_channel": False, "remarks": []}


def plain(text):
    return {"type": "plain_text_input", "value": text}


async def nothing_came_of_it(desk):
    """No request, no message to anybody, no call that changes something."""
    listed = await desk.ada.types("/offer requests", channel="#support")
    assert "You have asked for nothing yet" in listed.plain
    assert desk.workspace.journal.called("chat.postMessage") == []
    assert desk.kajabi.writes == {}


async def test_a_form_of_which_nobody_heard_that_it_was_stored_is_not_taken_for_another(desk):
    await opened(desk.ada, FORM)
    assert await forged(desk, desk.ada) == {}  # stored, but she did not hear of it
    card = await desk.grace.sees("Sourdough", in_="#support")

    told = await desk.ada.submits(reason="something else")
    assert told["reason"].startswith("This form was sent before with something else in it, and R-")
    assert await desk.ada.submits(reason="refund") == {}
    assert [post for post in desk.grace.messages("#support") if "Sourdough" in post.plain] == [card]


async def test_a_list_of_which_nobody_heard_that_it_was_stored_is_not_taken_for_another(desk):
    await desk.ada.types("/offer bulk grant holiday baking because the spring course", channel="#support")
    await desk.ada.sees("Many customers at once", in_="view")
    assert await forged(desk, desk.ada, customer=plain("jane@example.com\nmia.chen@example.com")) == {}

    told = await desk.ada.submits(customer="jane@example.com")
    assert told["reason"].startswith("This form was sent before with something else in it, and R-")
    assert await desk.ada.submits(customer="jane@example.com\nmia.chen@example.com") == {}


async def test_what_takes_longer_than_slack_waits_is_not_told_as_not_done(desk):
    await opened(desk.ada, FORM)
    await desk.passes(600)
    desk.workspace.troubles.slow("users.info", 4.0, times=9)

    told = await desk.ada.submits()
    assert "It may be done all the same" in told["reason"]


# --- said at the field, while the form stays open --------------------------------------------------------------------


NO_ADDRESS = "Whose access is it about? Give the customer's e-mail address."
LOOKS = "is not an e-mail address. It should look like jane@example.com."
ADDRESSES = {
    None: NO_ADDRESS,
    "   ": NO_ADDRESS,
    "jane": f"“jane” {LOOKS}",
    "jane@example": f"“jane@example” {LOOKS}",
    "jane@@example.com": f"“jane@@example.com” {LOOKS}",
    "jane@example.com, sam@example.com": (
        "One request is for one customer. Which one: jane@example.com or sam@example.com?"
    ),
    "<!channel>": f"“<!channel>” {LOOKS}",
    "\u202emoc.elpmaxe@enaj": f"“moc.elpmaxe@enaj” {LOOKS}",
    "x" * 250 + "@example.com": f"“{'x' * 79}…” {LOOKS}",
}
REASONS = {
    None: "Say why. Others will read it.",
    "\n \t ": "Say why. Others will read it.",
    "\u200b\u202e": "Say why. Others will read it.",
    "x" * 10_000: "That is 10,000 characters; 1,500 fit. Say it shorter, or put the long story elsewhere.",
}
FOREIGN = "This offer cannot be chosen here. Choose one from the list."
OFFERS = {
    "kajabi:999999": FOREIGN,
    "capillary:1": FOREIGN,
    "nonsense": FOREIGN,
    "kajabi:../../etc": FOREIGN,
    "kajabi:": "Which offer? Choose one.",
    "-:said": "Which offer? Choose one.",
}


async def test_an_address_that_is_none_is_refused_at_the_field(desk):
    await opened(desk.ada, FORM)
    for address, told in ADDRESSES.items():
        answer = await forged(desk, desk.ada, customer=plain(address))
        assert answer == {"response_action": "errors", "errors": {"customer": told}}

    await nothing_came_of_it(desk)


async def test_a_reason_that_says_nothing_or_too_much_is_refused_at_the_field(desk):
    await opened(desk.ada, FORM)
    for reason, told in REASONS.items():
        answer = await forged(desk, desk.ada, reason=plain(reason))
        assert answer == {"response_action": "errors", "errors": {"reason": told}}

    await nothing_came_of_it(desk)


async def test_a_long_reason_on_the_command_line_is_not_lost(desk):
    form = await opened(desk.ada, "/offer grant jane@example.com sourdough because " + "why" * 1000)

    assert "That is 3,000 characters; 1,500 fit" in form.plain
    assert len(field(desk.ada, "reason")) == 1500


async def test_an_option_that_was_never_offered_is_refused_at_the_field(desk):
    await opened(desk.ada, FORM)
    for value, told in OFFERS.items():
        answer = await forged(desk, desk.ada, offer=chosen(value))
        assert answer == {"response_action": "errors", "errors": {"offer": told}}

    await nothing_came_of_it(desk)


async def test_no_offer_at_all_is_refused_at_the_field(desk):
    await opened(desk.ada, FORM)

    answer = await forged(desk, desk.ada, offer={"type": "external_select", "selected_option": None})

    assert answer == {"response_action": "errors", "errors": {"offer": "Which offer? Choose one."}}
    await nothing_came_of_it(desk)


async def test_words_that_fit_several_offers_are_answered_with_all_of_them(desk):
    form = await opened(desk.ada, "/offer grant jane@example.com bakery because refund")

    assert "Several offers fit “bakery”: “Open a Bakery” (499.00 USD" in form.plain
    assert "“Open a Bakery, in 3 payments” (179.00 USD, recurring" in form.plain
    assert field(desk.ada, "offer") is None
    assert field(desk.ada, "reason") == "refund"


async def test_two_addresses_on_the_command_line_are_both_kept_to_choose_from(desk):
    form = await opened(desk.ada, "/offer grant jane@example.com sam@example.com sourdough because refund")

    assert "Which one: jane@example.com or sam@example.com?" in form.plain
    assert field(desk.ada, "customer") == "jane@example.com sam@example.com"


# --- what a form carries along is not believed -----------------------------------------------------------------------


async def test_an_altered_form_is_refused(desk):
    await opened(desk.ada, FORM)
    for altered in ({"channel": ""}, {"channel": "U0GRACE"}, {"channel": "<!channel>"}, {"creates_contact": True}):
        answer = await forged(desk, desk.ada, metadata=json.dumps(HIDDEN | altered))
        assert list(answer["errors"]) == ["reason"], altered

    await nothing_came_of_it(desk)


async def test_a_form_whose_hidden_part_is_broken_is_answered_in_plain_words(desk):
    await opened(desk.ada, FORM)
    for metadata in ("", "{", "[]", "null", '"x"', '{"remarks": 5}'):
        answer = await forged(desk, desk.ada, metadata=metadata)
        told = "This form is from an older version of me. Close it and begin again with /offer."
        assert answer == {"response_action": "errors", "errors": {"reason": told}}, metadata

    await nothing_came_of_it(desk)


async def test_a_fixed_channel_stays_fixed_whatever_a_form_carries(idle):
    idle.settings = idle.settings.model_copy(update={"approvals_channel": "C0ALERTS"})
    await idle.start()
    await opened(idle.ada, FORM)

    assert await forged(idle, idle.ada, metadata=json.dumps(HIDDEN | {"channel": "C0SUPPORT"})) == {}

    await idle.grace.sees("Grant Sourdough Deep Dive to Jane Doe", in_="#alerts")
    assert asked_for(idle) == 0


async def test_a_form_cannot_make_a_card_appear_where_the_bot_is_not(desk):
    desk.expected_refusals = frozenset({"channel_not_found"})
    board = desk.workspace.add_channel("board", private=True, members=["Olga"], bot=False)
    await opened(desk.ada, FORM)

    assert await forged(desk, desk.ada, metadata=json.dumps(HIDDEN | {"channel": board.id})) == {}

    await desk.ada.sees("I cannot post in that channel", in_="dm")
    assert asked_for(desk) == 0


async def test_a_form_of_another_provider_falls_back_to_the_one_there_is(desk):
    await opened(desk.ada, FORM)

    assert await forged(desk, desk.ada, metadata=json.dumps(HIDDEN | {"provider": "capillary"})) == {}

    await desk.grace.sees("Grant Sourdough Deep Dive to Jane Doe", in_="#support")


async def test_a_form_sent_many_times_is_one_request(desk):
    await opened(desk.ada, FORM)
    for _ in range(5):
        assert await forged(desk, desk.ada) == {}

    await desk.grace.sees("Grant Sourdough Deep Dive to Jane Doe", in_="#support")
    listed = await desk.ada.types("/offer requests", channel="#support")
    assert listed.plain.count("• R-") == 1
    assert asked_for(desk) == 1


# --- given back once the provider has been asked ---------------------------------------------------------------------


async def test_an_unknown_customer_comes_back_with_what_to_do(desk):
    back = await given_back(
        desk, desk.ada, "/offer grant ane@example.com sourdough because refund", "exactly this address"
    )

    assert "Check the spelling" in back.plain
    assert {"Correct", "Create the contact and ask"} <= set(back.buttons)
    assert asked_for(desk) == 0


async def test_a_revoke_from_an_unknown_customer_offers_no_contact_to_create(desk):
    await opened(desk.ada, "/offer revoke jane@example.com because refund")
    await desk.ada.fills(offer="welcome")
    await desk.ada.submits(customer="ane@example.com")

    back = await desk.ada.sees("exactly this address", in_="dm")
    assert "Create the contact and ask" not in back.buttons
    assert asked_for(desk) == 0


async def test_what_is_granted_already_comes_back(desk):
    back = await given_back(desk, desk.ada, "/offer grant jane@example.com welcome because refund", "already")

    assert "The customer has this offer already." in back.plain
    assert asked_for(desk) == 0


async def test_what_is_not_held_comes_back(desk):
    await opened(desk.ada, "/offer revoke sam@example.com sourdough because refund")
    await desk.ada.submits()

    back = await desk.ada.sees("nothing to revoke", in_="dm")
    assert "The customer does not have this offer" in back.plain
    assert asked_for(desk) == 0


async def test_an_archived_offer_comes_back(desk):
    await opened(desk.ada, FORM)
    desk.kajabi.conduct.archived_offer = "missing"
    desk.kajabi.archive(next(one for one in desk.kajabi.books.offers.values() if one.title == "Sourdough Deep Dive"))
    await desk.ada.submits()

    back = await desk.ada.sees("archived", in_="dm")
    assert "Kajabi no longer has this offer, or has archived it. Choose another one." in back.plain
    assert asked_for(desk) == 0


async def test_an_offer_of_another_site_comes_back(idle):
    idle.settings = idle.settings.model_copy(update={"kajabi_site_id": next(iter(idle.kajabi.books.sites))})
    elsewhere = idle.kajabi.add_site("Another Academy")
    await idle.start()
    await opened(idle.ada, FORM)
    moved = next(one for one in idle.kajabi.books.offers.values() if one.title == "Sourdough Deep Dive")
    moved.site_id = elsewhere.id
    await idle.ada.submits()

    back = await idle.ada.sees("another site", in_="dm")
    assert "This offer belongs to another site of Kajabi. Choose one of this site." in back.plain
    assert asked_for(idle) == 0


async def test_an_address_that_several_contacts_have_comes_back(desk):
    desk.kajabi.add_contact("jane@example.com", "The other Jane")

    back = await given_back(desk, desk.ada, FORM, "several contacts")

    assert "Merge them there first, then ask again." in back.plain
    assert asked_for(desk) == 0


async def test_a_price_that_changed_after_the_preview_is_approved_anew(desk):
    card, question = await desk.asks(desk.ada, FORM)
    offer = next(one for one in desk.kajabi.books.offers.values() if one.title == "Sourdough Deep Dive")
    desk.kajabi.set_price(offer, 99900)
    await desk.grace.presses("approve", question)

    told = await desk.grace.sees("Changed since it was approved: the price", in_=card)
    assert "The earlier approval is void" in told.plain
    newer = await desk.grace.sees("999.00 USD) to Jane Doe", in_=card)
    assert desk.holds("jane@example.com") == {"Welcome Mini-Course"}
    await desk.grace.presses("approve", newer)
    await desk.ada.sees("verified", in_="#support")

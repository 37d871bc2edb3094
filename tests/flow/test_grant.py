import pytest

from tests.flow.following import (
    GRANT,
    all_told,
    approved,
    cards,
    case_of,
    done,
    effects,
    history,
    in_thread,
    offer,
    over_http,
    over_socket,
    told,
    writes,
)

NEW = "/offer grant nina@example.com everything bundle because won the bake-off"


async def returned(desk, command=NEW):
    """Ada asks for something that comes back to her."""
    await desk.ada.types(command, channel="#support")
    await desk.ada.sees("Send", in_="view")
    assert await desk.ada.submits() == {}
    return await desk.ada.sees("Not asked yet", in_="dm")


async def creation(desk, name="Nina Lopez", command=NEW):
    """Ada asks for an unknown customer to be created; return the card and the question."""
    message = await returned(desk, command)
    await desk.ada.presses("Create the contact and ask", message)
    await desk.ada.sees("Name of the new contact", in_="view")
    assert await desk.ada.submits(name=name) == {}
    card = await desk.grace.sees(name, in_="#support")
    return card, await desk.grace.sees("Approve", in_=card)


@over_http
async def test_kajabi_is_told_to_send_no_mail_unless_the_requester_wants_it(desk):
    await done(desk)

    [call] = desk.kajabi.called("POST", "*/relationships/offers")
    assert call.body["data"] == [{"type": "offers", "id": offer(desk, "Everything Bundle").id}]
    assert call.body["meta"] == {"send_customer_welcome_email": False}
    assert desk.kajabi.mails == []


@over_socket
async def test_a_welcome_mail_goes_out_where_it_was_asked_for_and_approved(desk):
    card, question = await desk.asks(desk.ada, GRANT, welcome_email=True)
    warned = "Kajabi sends its welcome mail" in question.plain
    await desk.grace.presses("approve", question)
    await desk.ada.sees("Done, verified", in_=card)

    assert warned
    assert [mail.to for mail in desk.kajabi.mails] == ["jane@example.com"]
    assert desk.kajabi.called("POST", "*/relationships/offers")[0].body["meta"] == {"send_customer_welcome_email": True}


@over_http
async def test_the_question_says_who_for_whom_what_it_is_worth_and_what_will_change(desk):
    card, question = await desk.asks(desk.ada, GRANT)

    assert "@Ada" in card.plain
    assert "refund case 4412" in card.plain
    assert "199.00 USD" in card.plain
    for fact in (
        "@offer-approvers: please decide by",
        "Grant Everything Bundle (199.00 USD) to Jane Doe?",
        "Customer: Jane Doe · jane@example.com",
        "Holds now: Welcome Mini-Course (granted)",
        "Then: Everything Bundle and Welcome Mini-Course",
        "Kajabi is told not to send its welcome mail",
        "chosen by APPROVERS",
    ):
        assert fact in question.plain


@over_socket
async def test_the_form_shows_the_same_preview_before_anything_is_sent(desk):
    await desk.ada.types(GRANT, channel="#support")
    form = await desk.ada.sees("Then: Everything Bundle and Welcome Mini-Course", in_="view")

    assert "Jane Doe" in form.plain
    assert "Holds now: Welcome Mini-Course (granted)" in form.plain
    assert "Worth: 199.00 USD" in form.plain
    assert cards(desk) == []


@over_http
async def test_a_first_offer_is_told_to_create_a_login(desk):
    _, question = await desk.asks(desk.ada, "/offer grant tariq@example.net holiday because he asked")

    assert "Kajabi creates a customer login for them" in question.plain
    assert "Holds now: nothing" in question.plain


@over_http
async def test_an_unknown_customer_comes_back_to_the_requester_alone(desk):
    message = await returned(desk)
    await all_told(desk)

    assert "Kajabi knows no contact with exactly this address" in message.plain
    assert message.buttons == ["Correct", "Create the contact and ask"]
    assert cards(desk) == []
    assert told(desk.linus) == []
    assert len(told(desk.ada)) == 1


@over_socket
async def test_what_came_back_is_corrected_in_the_form_as_it_was(desk):
    message = await returned(desk, "/offer grant jane@example.org everything bundle because refund case 4412")
    await desk.ada.presses("Correct", message)
    form = await desk.ada.sees("jane@example.org", in_="view")
    kept = form.plain
    assert await desk.ada.submits(customer="jane@example.com") == {}
    card = await desk.grace.sees("Jane Doe", in_="#support")

    assert "refund case 4412" in kept
    assert "Everything Bundle" in kept
    assert "Name of the new contact" not in kept
    assert "follows R-" in card.plain


async def test_an_unknown_customer_is_created_only_by_name_and_by_approval(desk):
    card, question = await creation(desk)
    asked = question.plain
    untouched = writes(desk)
    await desk.grace.presses("approve", question)
    result = await desk.ada.sees("Done, verified", in_=card)
    names = await history(desk, card)

    assert "First step: Kajabi does not know this address" in asked
    assert "Nina Lopez · nina@example.com" in asked
    assert untouched == 0
    assert desk.kajabi.contact("nina@example.com").name == "Nina Lopez"
    assert desk.holds("nina@example.com") == {"Everything Bundle"}
    assert (effects(desk, "create"), effects(desk, "grant")) == (1, 1)
    assert names.count("change.verified") == 2
    assert "The contact was created first" in result.plain


@over_http
async def test_a_contact_needs_a_name(desk):
    message = await returned(desk)
    await desk.ada.presses("Create the contact and ask", message)
    await desk.ada.sees("Name of the new contact", in_="view")
    refused = await desk.ada.submits(name="   ")

    assert refused == {"name": "A new contact needs a name."}
    assert cards(desk) == []


@over_http
async def test_an_address_that_kajabi_refuses_to_create_fails_with_its_words_and_nothing_granted(desk):
    card, question = await creation(desk, command="/offer grant nina@example.invalid bundle because she won")
    await desk.grace.presses("approve", question)
    result = await desk.ada.sees("Failed", in_=card)
    case = await case_of(desk, card)

    assert "Undeliverable address" in result.plain
    assert "nothing was changed" in result.plain
    assert [change.state for change in case.changes] == ["failed", "failed"]
    assert desk.kajabi.called("POST", "*/relationships/offers") == []


@over_socket
async def test_a_contact_that_appeared_meanwhile_is_not_created_again(desk):
    card, question = await creation(desk)
    desk.kajabi.add_contact("nina@example.com", "Nina Lopez")
    await desk.grace.presses("approve", question)
    await desk.ada.sees("Done, verified", in_=card)

    assert effects(desk, "create") == 0
    assert desk.holds("nina@example.com") == {"Everything Bundle"}
    assert "change.unneeded" in await history(desk, card)


@over_http
async def test_what_is_held_already_is_said_in_the_form_and_given_back(desk):
    await desk.ada.types("/offer grant mia.chen@example.com pastry basics because she asked", channel="#support")
    form = await desk.ada.sees("has this offer already", in_="view")
    warned = form.plain
    await desk.ada.submits()
    message = await desk.ada.sees("Not asked yet", in_="dm")

    assert "Sent like this it would come back to you" in warned
    assert "The customer has this offer already." in message.plain
    assert message.buttons == ["Correct"]
    assert cards(desk) == []


async def test_what_somebody_did_by_hand_meanwhile_is_not_needed_any_more(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    desk.kajabi.grant("jane@example.com", offer(desk, "Everything Bundle"))
    await desk.grace.presses("approve", question)
    result = await desk.ada.sees("Not needed", in_=card)
    await all_told(desk)

    assert "Jane Doe had Everything Bundle already. Nothing was sent." in result.plain
    assert writes(desk) == 0
    assert "Not needed" in card.plain
    assert "Undo" not in card.buttons


@over_http
async def test_a_second_request_for_the_same_names_the_first_and_has_no_second_effect(desk):
    first, _ = await desk.asks(desk.ada, GRANT)
    second, question = await desk.asks(
        desk.olga, "/offer grant jane@example.com everything bundle because I did not see"
    )
    rival = question.plain
    await desk.grace.presses("approve", question)
    await desk.olga.sees("Done, verified", in_=second)
    await desk.grace.presses("approve", await desk.grace.sees("Approve", in_=first))
    await desk.ada.sees("Not needed", in_=first)

    assert "Also open for the same customer and offer: R-" in rival
    assert effects(desk) == 1


@over_http
async def test_an_offer_archived_after_the_approval_was_asked_for_is_not_granted(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    desk.kajabi.archive(offer(desk, "Everything Bundle"))
    await desk.grace.presses("approve", question)
    result = await desk.ada.sees("Failed", in_=card)

    assert "archived" in result.plain
    assert "nothing was changed" in result.plain
    assert effects(desk) == 0


@over_socket
async def test_an_offer_that_the_list_has_lost_is_not_even_sent(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    await all_told(desk)
    desk.kajabi.archive(offer(desk, "Everything Bundle"))
    await desk.passes(3600)
    await desk.kajabi.until_called("GET", "/v1/offers", times=2)
    await desk.grace.presses("approve", question)
    result = await desk.ada.sees("Failed", in_=card)

    assert "Kajabi no longer has this offer, or has archived it" in result.plain
    assert writes(desk) == 0


@over_http
async def test_a_deleted_customer_is_not_looked_for_under_another_id(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    desk.kajabi.delete_contact("jane@example.com")
    await desk.grace.presses("approve", question)
    result = await desk.ada.sees("Failed", in_=card)

    assert "Kajabi knows no contact with exactly this address" in result.plain
    assert "The same again will not work" in result.plain
    assert writes(desk) == 0


@over_http
@pytest.mark.parametrize("conduct", ["unchanged", "repeated"])
async def test_it_does_not_matter_what_kajabi_does_with_a_second_grant(idle, conduct):
    idle.kajabi.conduct.second_grant = conduct
    idle.kajabi.trouble("timeout_after", method="POST", path="*/relationships/offers", times=1, closed=True)
    await idle.start()
    card = await approved(idle)
    await idle.ada.sees("Done, verified", in_=card)

    assert writes(idle, "grant") == 1
    assert any("answer was lost" in line for line in in_thread(card))


@over_http
async def test_a_contact_that_was_created_without_its_grant_is_told_as_a_part_and_finished_by_a_retry(desk):
    refusing = desk.kajabi.trouble("forbidden", method="POST", path="*/relationships/offers")
    card, question = await creation(desk)
    await desk.grace.presses("approve", question)
    result = await desk.ada.sees("Done only in part", in_=card)
    said = result.plain
    refusing.stop()
    await desk.ada.presses("retry", result)
    await desk.ada.sees("Done, verified", in_=card)

    assert "✅ the contact Nina Lopez was created, verified" in said
    assert "❌ Everything Bundle was not granted to Nina Lopez. Kajabi refused" in said
    assert (effects(desk, "create"), effects(desk, "grant")) == (1, 1)


@over_http
async def test_a_creation_whose_answer_was_lost_is_found_and_not_repeated(desk):
    desk.kajabi.trouble("timeout_after", method="POST", path="/v1/contacts", times=1, closed=True)
    card, question = await creation(desk)
    await desk.grace.presses("approve", question)
    await desk.ada.sees("Done, verified", in_=card)

    assert len(desk.kajabi.called("POST", "/v1/contacts")) == 1
    assert desk.holds("nina@example.com") == {"Everything Bundle"}


@over_socket
async def test_what_is_left_of_a_creation_can_be_taken_back(desk):
    held = desk.kajabi.trouble("held", method="POST", path="/v1/contacts", times=1)
    card, question = await creation(desk)
    await desk.grace.presses("approve", question)
    await desk.kajabi.until_called("POST", "/v1/contacts")
    await desk.ada.presses("cancel", card)
    await desk.grace.sees("@Ada took back what was not sent yet. What was sent is being finished.", in_=card)
    held.release()
    await desk.ada.sees("Done only in part", in_=card)

    assert desk.kajabi.contact("nina@example.com").granted == []
    assert effects(desk, "create") == 1

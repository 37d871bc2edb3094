import pytest

from tests.flow.steps import field, has_field, opened

CONTACTS = "/v1/contacts*"


# --- whole at once, and never waiting for Kajabi ---------------------------------------------------------------------


async def test_a_form_opens_whole_and_can_be_sent_while_kajabi_says_nothing(desk):
    silence = desk.kajabi.trouble("held", path=CONTACTS)

    form = await opened(desk.ada, "/offer grant jane@example.com sourdough because refund case 4412")
    assert "Kajabi is being asked. You can send this without waiting." in form.plain
    assert field(desk.ada, "customer") == "jane@example.com"
    assert field(desk.ada, "reason") == "refund case 4412"
    assert field(desk.ada, "offer").startswith("kajabi:")
    assert await desk.ada.submits() == {}

    assert desk.ada.form is None
    assert desk.grace.messages("#support") == []
    silence.stop()
    await desk.grace.sees("Grant Sourdough Deep Dive to Jane Doe", in_="#support")


async def test_the_preview_comes_later_and_leaves_what_was_typed(desk):
    silence = desk.kajabi.trouble("held", path=CONTACTS)
    await opened(desk.ada, "/offer grant jane@example.com sourdough because refund")
    await desk.ada.fills(reason="won the bake-off")
    await desk.kajabi.until_called(path=CONTACTS)
    silence.stop()

    form = await desk.ada.sees("Holds now:", in_="view")

    assert "Customer: Jane Doe · jane@example.com" in form.plain
    assert "Holds now: Welcome Mini-Course (granted)" in form.plain
    assert "Then: Sourdough Deep Dive and Welcome Mini-Course" in form.plain
    assert "Worth: 79.00 USD" in form.plain
    assert field(desk.ada, "reason") == "won the bake-off"


async def test_another_customer_or_offer_is_foreseen_anew(desk):
    await opened(desk.ada, "/offer grant jane@example.com sourdough because refund")
    await desk.ada.sees("Customer: Jane Doe", in_="view")

    await desk.ada.fills(customer="lena@example.org")
    await desk.ada.sees("Customer: Lena Fischer", in_="view")
    await desk.ada.fills(offer="holiday")
    form = await desk.ada.sees("Worth: 39.00 USD", in_="view")

    assert "Then: Holiday Baking and Bread from Scratch" in form.plain
    assert "Customer: Lena Fischer" in form.plain
    assert field(desk.ada, "customer") == "lena@example.org"


async def test_of_two_previews_the_one_of_the_newer_customer_stays(desk):
    silence = desk.kajabi.trouble("held", path=CONTACTS, times=1)
    await opened(desk.ada, "/offer grant jane@example.com sourdough because refund")
    await desk.kajabi.until_called(path=CONTACTS)
    await desk.ada.fills(customer="lena@example.org")
    await desk.ada.sees("Customer: Lena Fischer", in_="view")
    silence.stop()

    await desk.ada.does_not_see("Customer: Jane Doe", in_="view", during=0.2)


async def test_an_address_that_is_still_being_typed_asks_nobody(desk):
    await opened(desk.ada, "/offer grant")

    for typed in ("j", "jane", "jane@", "jane@example"):
        await desk.ada.fills(customer=typed)

    assert desk.kajabi.called(path=CONTACTS) == []
    assert "What will happen shows here" in desk.ada.form.plain


async def test_a_preview_says_what_speaks_against_sending(desk):
    await opened(desk.ada, "/offer grant jane@example.com welcome because refund")
    held = await desk.ada.sees("The customer has this offer already", in_="view")
    assert "Sent like this it would come back to you." in held.plain
    await desk.ada.fills(customer="nobody@example.com")

    unknown = await desk.ada.sees("Kajabi knows no nobody@example.com", in_="view")
    assert "whether the contact is to be created" in unknown.plain


async def test_a_preview_of_a_revoke_says_that_payments_go_on(desk):
    await opened(desk.ada, "/offer revoke sam@example.com")
    await desk.ada.fills(offer="circle", reason="asked to leave")

    form = await desk.ada.sees("Then: nothing, without", in_="view")

    assert "payments go on" in form.plain.lower()


async def test_a_preview_that_kajabi_denies_says_so_and_the_form_still_works(desk):
    failing = desk.kajabi.trouble("server_error", path=CONTACTS)
    await opened(desk.ada, "/offer grant jane@example.com sourdough because refund")

    form = await desk.ada.sees("Kajabi could not be reached just now", in_="view")
    assert "You can send this all the same" in form.plain
    failing.stop()
    await desk.ada.submits()
    await desk.grace.sees("Grant Sourdough Deep Dive to Jane Doe", in_="#support")


# --- what the words after /offer fill in -----------------------------------------------------------------------------


@pytest.mark.parametrize("transport", ["http"])
@pytest.mark.parametrize(
    "command",
    [
        "/offer grant jane@example.com sourdough because case 7",
        "/offer grant sourdough to jane@example.com because case 7",
        '/offer grant "sourdough deep dive" jane@example.com because case 7',
        "/offer grant “Sourdough Deep Dive” Jane@Example.com because: case 7",
        "/offer give jane@example.com sourdough reason: case 7",
        "/offer jane@example.com grant sourdough because case 7",
    ],
)
async def test_words_are_understood_in_any_order(desk, command):
    await opened(desk.ada, command)
    assert await desk.ada.submits() == {}

    card = await desk.grace.sees("Grant Sourdough Deep Dive to Jane Doe", in_="#support")
    assert "case 7" in card.plain


@pytest.mark.parametrize("transport", ["http"])
async def test_a_time_limit_stands_in_the_form(desk):
    form = await opened(desk.ada, "/offer grant jane@example.com sourdough for 2 weeks because trial")

    assert field(desk.ada, "days") == "14"
    assert "You wrote" not in form.plain


@pytest.mark.parametrize("transport", ["http"])
@pytest.mark.parametrize(
    ("command", "limit"),
    [
        ("/offer grant jane@example.com sourdough until 5/6 because trial", "until 5/6"),
        ("/offer revoke mia.chen@example.com pastry basics for 30d because trial", "for 30d"),
    ],
    ids=["not a day", "of a revoke"],
)
async def test_a_time_limit_that_finds_no_place_is_not_silently_dropped(desk, command, limit):
    form = await opened(desk.ada, command)

    assert f"You wrote “{limit}”, of which I can make nothing here" in form.plain


@pytest.mark.parametrize("transport", ["http"])
async def test_words_that_found_no_place_are_named_in_the_form(desk):
    form = await opened(desk.ada, '/offer grant jane@example.com "sourdough" pretty please because case 7')

    assert "I did not understand “pretty please”" in form.plain
    assert "/offer grant jane@example.com bundle because refund case 4412" in form.plain


@pytest.mark.parametrize("transport", ["http"])
async def test_no_mail_goes_to_the_customer_unless_the_box_is_ticked(desk):
    _, silent = await desk.asks(desk.ada, "/offer grant mia.chen@example.com sourdough because one")
    await desk.grace.presses("approve", silent)
    await desk.ada.sees("Mia Chen now has Sourdough", in_="#support")
    assert desk.kajabi.mails == []

    _, told = await desk.asks(desk.ada, "/offer grant kofi@example.org holiday because two", welcome_email=True)
    await desk.grace.presses("approve", told)
    await desk.ada.sees("Kofi Mensah now has Holiday", in_="#support")

    assert [mail.to for mail in desk.kajabi.mails] == ["kofi@example.org"]


# --- errors at the field ---------------------------------------------------------------------------------------------


async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(desk):
    await opened(desk.ada, "/offer grant")
    errors = await desk.ada.submits(customer="jane at example.com", offer="sourdough", reason="because")

    assert list(errors) == ["customer"]
    assert errors["customer"].startswith("“jane at example.com” is not an e-mail address")
    assert field(desk.ada, "reason") == "because"
    assert await desk.ada.submits(customer="jane@example.com") == {}
    await desk.grace.sees("Grant Sourdough Deep Dive to Jane Doe", in_="#support")


# --- Correct ---------------------------------------------------------------------------------------------------------


async def test_what_comes_back_is_corrected_in_the_form_as_it_was(desk):
    await opened(desk.ada, "/offer grant jnae@example.com sourdough because refund case 4412")
    await desk.ada.submits(welcome_email=True)
    back = await desk.ada.sees("Kajabi knows no contact with exactly this address", in_="dm")
    assert "Nobody else has seen it" in back.plain

    await desk.ada.presses("Correct", back)
    await desk.ada.sees("Send", in_="view")
    assert field(desk.ada, "customer") == "jnae@example.com"
    assert field(desk.ada, "reason") == "refund case 4412"
    assert not has_field(desk.ada, "name")
    assert await desk.ada.submits(customer="jane@example.com") == {}

    card = await desk.grace.sees("Grant Sourdough Deep Dive to Jane Doe", in_="#support")
    assert "follows R-" in card.plain
    assert len(desk.grace.messages("#support")) == 1


async def test_an_address_kajabi_does_not_know_is_created_only_when_that_is_asked(desk):
    await opened(desk.ada, "/offer grant new@example.com sourdough because prize")
    await desk.ada.submits()
    back = await desk.ada.sees("Create the contact and ask", in_="dm")
    await desk.ada.presses("Create the contact and ask", back)
    await desk.ada.sees("Name of the new contact", in_="view")
    assert await desk.ada.submits(name="Nina New") == {}
    card = await desk.grace.sees("Grant Sourdough Deep Dive to Nina New", in_="#support")
    question = await desk.grace.sees("First step", in_=card)
    assert [one.email for one in desk.kajabi.books.contacts.values() if one.email == "new@example.com"] == []

    await desk.grace.presses("approve", question)

    await desk.ada.sees("verified", in_="#support")
    assert desk.holds("new@example.com") == {"Sourdough Deep Dive"}
    assert desk.kajabi.contact("new@example.com").name == "Nina New"


# --- where it is decided ---------------------------------------------------------------------------------------------


async def test_a_form_from_a_direct_message_asks_for_the_channel(desk):
    await opened(desk.ada, "/offer grant jane@example.com sourdough because refund", channel="dm")
    assert has_field(desk.ada, "channel")
    assert await desk.ada.submits(channel="#support") == {}

    await desk.grace.sees("Grant Sourdough Deep Dive to Jane Doe", in_="#support")


async def test_with_a_fixed_channel_nobody_is_asked_and_all_cards_go_there(idle):
    idle.settings = idle.settings.model_copy(update={"approvals_channel": "C0ALERTS"})
    await idle.start()
    await opened(idle.ada, "/offer grant jane@example.com sourdough because refund", channel="dm")
    assert not has_field(idle.ada, "channel")
    assert await idle.ada.submits() == {}

    await idle.grace.sees("Grant Sourdough Deep Dive to Jane Doe", in_="#alerts")
    assert idle.grace.messages("#support") == []


async def test_a_channel_the_bot_is_not_in_is_told_with_what_to_do(desk):
    desk.expected_refusals = frozenset({"channel_not_found"})
    desk.workspace.add_channel("secret", private=True, members=["Ada", "Grace"], bot=False)
    await opened(desk.ada, "/offer grant jane@example.com sourdough because refund", channel="#secret")
    await desk.ada.submits()

    back = await desk.ada.sees("I cannot post in that channel. Invite me there, or choose another channel.", in_="dm")
    desk.workspace.join("#secret", "offerdesk")
    await desk.ada.presses("Correct", back)
    await desk.ada.sees("Send", in_="view")
    await desk.ada.submits()

    await desk.grace.sees("Grant Sourdough Deep Dive to Jane Doe", in_="#secret")


async def test_what_the_bot_cannot_show_in_a_channel_can_be_asked_in_another(desk):
    desk.expected_refusals = frozenset({"channel_not_found"})
    desk.workspace.add_channel("secret", private=True, members=["Ada", "Grace"], bot=False)
    await opened(desk.ada, "/offer grant jane@example.com sourdough because refund", channel="#secret")
    await desk.ada.submits()
    back = await desk.ada.sees("choose another channel", in_="dm")
    await desk.ada.presses("Correct", back)
    await desk.ada.sees("Send", in_="view")
    assert await desk.ada.submits(channel="#support") == {}

    await desk.grace.sees("Grant Sourdough Deep Dive to Jane Doe", in_="#support")

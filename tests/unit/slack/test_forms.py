import json
from dataclasses import replace

import pytest

from bot.domain.draft import Account, Draft, Foreseen
from bot.domain.errors import ContactNotFound, NameMissing, OfferForeign, SeveralAddresses, Unavailable
from bot.domain.explanation import Explanation
from bot.domain.request import Action, Contact, Holding, Offer, Person, Reading
from bot.sandbox.blockkit import check_message, check_view
from bot.slack import accounts, answers, decisions, forms, story, visits
from bot.slack.blocks import section
from bot.slack.content import Content
from bot.slack.forms import Form
from bot.words.text import escape
from tests.unit.slack.cases import SCENE, a_case

ADA = Person("T1", "U0ADA")
NASTY = "<!channel> <@U0BOB> \u202e& *bold* " * 100
OFFER = Offer(provider="kajabi", id="7", title="Bundle", price=19900, currency="USD")
HOSTILE = Offer(
    provider="kajabi", id="7" * 60, title=NASTY, internal_title=NASTY, price=1, currency=NASTY, description=NASTY
)
ONE, TWO = {"kajabi": "Kajabi"}, {"kajabi": "Kajabi", "capillary": NASTY}
CONTACT = Contact(provider="kajabi", address="jane@example.com", name=NASTY, id="1")
READING = Reading(
    contact=CONTACT,
    holdings=tuple(Holding(offer_id=str(n), title=NASTY, granted=True, since=1.0) for n in range(40)),
)
FORESEEN = (
    None,
    Foreseen(),
    Foreseen(reading=READING, effects=(NASTY,) * 20, rivals=("R-4F7K",)),
    Foreseen(reading=Reading(contact=None), problem=ContactNotFound()),
    Foreseen(problem=Unavailable("kajabi", NASTY)),
)


def a_form(action=Action.GRANT, *, providers=ONE, asks_channel=False, switchable=False, remarks=(), **draft):
    filled = Draft(
        action=action, provider="kajabi", address="jane@example.com", offer=OFFER, reason="refund", channel="C0OFFERS"
    )
    return Form(
        draft=replace(filled, **draft),
        providers=providers,
        asks_channel=asks_channel,
        switchable=switchable,
        remarks=remarks,
    )


def sent(form, **values):
    """The view as Slack sends it back, with these values in its fields."""
    state = {"customer": {"value": form.draft.address}, "reason": {"value": form.draft.reason}}
    if form.draft.offer is not None:
        state["offer"] = {"selected_option": {"value": form.draft.offer.key}}
    state |= values
    drawn = forms.draw(form)
    return drawn | {
        "id": "V2",
        "root_view_id": "V1",
        "state": {"values": {key: {key: one} for key, one in state.items()}},
    }


def submitted(view, **more):
    form = forms.read(view, providers=ONE)
    return forms.submission(form, view, by=ADA, approvals_channel=more.get("approvals_channel"))


@pytest.mark.parametrize("foreseen", FORESEEN)
@pytest.mark.parametrize("action", [Action.GRANT, Action.REVOKE])
@pytest.mark.parametrize(
    "form",
    [
        {},
        {"address": "", "offer": None, "reason": ""},
        {"address": NASTY[:1500], "offer": HOSTILE, "reason": NASTY[:1500], "remarks": (escape(NASTY),) * 9},
        {"providers": TWO, "asks_channel": True, "channel": "", "switchable": True, "creates_contact": True},
        {"welcome_email": True, "parent": "R-4F7K", "creates_contact": True, "name": NASTY[:200]},
    ],
)
def test_slack_takes_every_form(action, form, foreseen):
    drawn = forms.draw(a_form(action, **form), foreseen)

    assert check_view(drawn) == []
    assert "<!channel>" not in json.dumps([one for one in drawn["blocks"] if one["type"] != "input"])


def test_a_field_is_named_alike_as_block_and_as_element():
    drawn = forms.draw(a_form(providers=TWO, asks_channel=True, creates_contact=True))
    named = {block["block_id"]: block["element"]["action_id"] for block in drawn["blocks"] if block["type"] == "input"}

    assert list(named) == [
        *("provider", "channel", "customer", "name", "offer", "days", "until", "welcome_email", "reason")
    ]
    assert all(block_id == action_id for block_id, action_id in named.items())


def test_a_form_asks_for_no_more_than_it_must():
    drawn = forms.draw(a_form(Action.REVOKE))

    assert [one["block_id"] for one in drawn["blocks"] if one["type"] == "input"] == ["customer", "offer", "reason"]


def test_what_is_read_is_what_was_drawn():
    form = a_form(remarks=("Several fit.",), switchable=True, parent="R-4F7K")

    read = forms.read(sent(form), providers=ONE)

    assert (read.remarks, read.switchable, read.draft.parent) == (("Several fit.",), True, "R-4F7K")
    assert (read.draft.address, read.draft.reason) == ("jane@example.com", "refund")
    assert read.draft.offer is not None
    assert read.draft.offer.key == "kajabi:7"


def test_a_form_is_one_request_however_often_its_views_change():
    assert submitted(sent(a_form())).key == "V1"


@pytest.mark.parametrize(
    "typed", ["<mailto:jane@example.com|jane@example.com>", " jane@example.com ", "Jane <jane@example.com>"]
)
def test_an_address_is_found_in_what_was_typed(typed):
    assert submitted(sent(a_form(), customer={"value": typed})).address == "jane@example.com"


def test_two_addresses_in_the_field_are_refused():
    with pytest.raises(SeveralAddresses):
        submitted(sent(a_form(), customer={"value": "jane@example.com jon@example.com"}))


def test_an_offer_of_another_provider_is_refused_at_the_field():
    with pytest.raises(OfferForeign):
        submitted(sent(a_form(), offer={"selected_option": {"value": "capillary:7"}}))


def test_an_option_that_only_explains_chooses_nothing():
    assert submitted(sent(a_form(), offer={"selected_option": {"value": "-:said"}})).offer_id == ""


def test_a_contact_is_not_created_without_a_name():
    with pytest.raises(NameMissing):
        submitted(sent(a_form(creates_contact=True), name={"value": " "}))


def test_the_setting_for_the_channel_overrules_what_the_form_carries():
    assert submitted(sent(a_form(channel="C0OTHER")), approvals_channel="C0OFFERS").channel == "C0OFFERS"


def test_a_channel_that_cannot_be_one_counts_as_none():
    assert submitted(sent(a_form(channel="D0PRIVATE"))).channel == ""


def test_a_revoke_never_asks_for_a_mail():
    view = sent(a_form(Action.REVOKE), welcome_email={"selected_options": [{"value": "send"}]})

    assert not submitted(view).welcome_email


def test_equal_titles_are_told_apart():
    options = [
        forms.option(Offer(provider="kajabi", id=one, title="Bundle " * 20, price=100, currency="USD")) for one in "78"
    ]

    assert options[0]["text"] != options[1]["text"]
    assert all(len(option["text"]["text"]) <= 75 for option in options)


def test_slack_takes_the_forms_of_a_decision():
    case = a_case(title=NASTY, name=NASTY)

    assert check_view(decisions.draw_denial(case, shown=3)) == []
    assert check_view(decisions.draw_settlement(case, provider=NASTY)) == []
    assert check_view(visits.notice(Content(NASTY, [section(NASTY)]))) == []


def test_a_denial_is_for_the_version_that_was_shown():
    view = decisions.draw_denial(a_case(), shown=3) | {"state": {"values": {"reason": {"reason": {"value": "no"}}}}}
    denial = decisions.read_denial(view)

    assert (denial.request_id, denial.shown, denial.reason) == ("R-4F7K", 3, "no")


def test_slack_takes_the_answers():
    case = a_case(title=NASTY, name=NASTY, reason=NASTY[:1500])
    account = Account(contact=CONTACT, holdings=READING.holdings, given=(case,) * 20)
    shown = [
        answers.offer_details(HOSTILE, provider=NASTY),
        accounts.account(account, provider=NASTY),
        story.told(Explanation(case=case, events=(), reader=case.request.requester), SCENE),
    ]

    assert [check_message({"text": one.text, "blocks": one.blocks}) for one in shown] == [[], [], []]


def test_the_mail_is_asked_about_only_where_there_is_one():
    form = replace(a_form(providers=TWO), silent=frozenset({"capillary"}))
    blocks = [{block.get("block_id") for block in forms.draw(one)["blocks"]} for one in (form, turned(form))]

    assert ["welcome_email" in found for found in blocks] == [True, False]


def turned(form):
    """The form once the other provider was chosen in it, as it is read and drawn again."""
    view = sent(form, provider={"selected_option": {"value": "capillary"}})
    return forms.read(view, providers=form.providers, silent=form.silent)

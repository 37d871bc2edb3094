"""How customers can be named, where a provider takes more than e-mail."""

import pytest

from bot.domain.draft import AddressKind, check_address, is_address, kind_of_address, normal
from bot.domain.errors import AddressMalformed
from bot.domain.parsing import parse
from bot.domain.tokens import addresses_in
from bot.logs import Masking
from bot.words.refusals import sentence

MAIL, MOBILE, ID, EXTERNAL = AddressKind.EMAIL, AddressKind.MOBILE, AddressKind.ID, AddressKind.EXTERNAL
NAMED = {"jane@example.com": MAIL, "+491701234567": MOBILE, "id:306": ID, "ext:AbC-17": EXTERNAL}


@pytest.mark.parametrize(("text", "kind"), [*NAMED.items(), ("ID:306", ID), ("Ext:x", EXTERNAL)])
def test_an_address_says_of_which_kind_it_is(text, kind):
    assert kind_of_address(text) is kind


@pytest.mark.parametrize(
    "text",
    ["306", "+1234", "+12345678901234567", "491701234567", "id:", "id:3x", "ext:", "ext:a b", "id:1 id:2", "+49 170"],
)
def test_a_number_alone_and_half_an_id_name_nobody(text):
    assert not is_address(text)


@pytest.mark.parametrize(
    ("typed", "compared"),
    [(" JANE@Example.com ", "jane@example.com"), ("ID:306", "id:306"), ("EXT:AbC-17 ", "ext:AbC-17")],
)
def test_ids_of_others_making_keep_their_letters(typed, compared):
    assert normal(typed) == compared
    assert normal(normal(typed)) == compared


@pytest.mark.parametrize("text", NAMED)
def test_what_is_typed_after_the_verb_names_the_customer(text):
    words = parse(f"grant {text} gold bundle because refund")

    assert (words.customer(), words.offer, words.reason) == (text, "gold bundle", "refund")


def test_beside_an_e_mail_address_a_number_is_only_a_number():
    assert addresses_in("call +491701234567 about jane@example.com") == ("jane@example.com",)
    assert addresses_in("call +491701234567") == ("+491701234567",)


def test_a_provider_refuses_the_kinds_that_it_does_not_take():
    check_address("jane@example.com", {MAIL})
    with pytest.raises(AddressMalformed) as caught:
        check_address("+491701234567", {MAIL})

    assert sentence(caught.value, provider="Kajabi").endswith("It should look like jane@example.com.")


def test_a_provider_that_takes_more_says_what():
    with pytest.raises(AddressMalformed) as caught:
        check_address("306", frozenset(AddressKind))

    assert "`+491701234567`, `id:306` or `ext:A-17`" in sentence(caught.value, provider="Capillary")


@pytest.mark.parametrize("text", NAMED)
def test_no_log_line_names_a_customer_of_any_kind(text):
    told = Masking().text(f"looked for {text}, and for {text.replace('+', '%2B')}.")

    assert text not in told
    assert text.lstrip("+") not in told


BOTH = {"kajabi": "Kajabi", "capillary": "Capillary"}


@pytest.mark.parametrize(
    ("typed", "provider", "offer"),
    [
        ("grant jane@example.com gold on capillary because refund", "capillary", "gold"),
        ("grant on Capillary jane@example.com gold", "capillary", "gold"),
        ("revoke jane@example.com gold on kajabi", "kajabi", "gold"),
        ("find gold on capillary by price", "capillary", "gold"),
        ("show on capillary gold", "capillary", "gold"),
        ("who jane@example.com on capillary", "capillary", ""),
        ("grant jane@example.com bread on stone", "", "bread on stone"),
        ('grant jane@example.com "bread on kajabi"', "", "bread on kajabi"),
        ("grant jane@example.com gold because it ran on kajabi", "", "gold"),
    ],
)
def test_on_a_provider_chooses_it_and_on_anything_else_is_a_word(typed, provider, offer):
    words = parse(typed, BOTH)

    assert (words.provider, words.offer) == (provider, offer)


def test_where_no_provider_is_told_on_is_a_word():
    assert parse("find gold on capillary").offer == "gold on capillary"

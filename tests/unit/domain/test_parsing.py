import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import AddressMalformed, BadInput, Misunderstood, SeveralAddresses
from bot.domain.parsing import EXAMPLES, Scope, Verb, parse
from bot.domain.request import Action
from bot.domain.tokens import addresses_in

JANE = "jane@example.com"
LINK = "<mailto:jane@example.com|jane@example.com>"


@pytest.mark.parametrize(
    "text", ["", "   ", "help", "HELP", "?", "??", "help!", "hello", "help me with jane@example.com"]
)
def test_nothing_and_help_ask_for_help(text):
    assert parse(text).verb is Verb.HELP


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Grant jane@example.com x", Verb.GRANT),
        ("give x to jane@example.com", Verb.GRANT),
        ("add jane@example.com x", Verb.GRANT),
        ("REVOKE jane@example.com x", Verb.REVOKE),
        ("remove x from jane@example.com", Verb.REVOKE),
        ("take x from jane@example.com", Verb.REVOKE),
        ("search bundle", Verb.FIND),
        ("list", Verb.FIND),
        ("show bundle", Verb.SHOW),
        ("whois jane@example.com", Verb.WHO),
        ("jane@example.com", Verb.WHO),
        ("jane@example.com grant bundle", Verb.GRANT),
        ("bulk", Verb.BULK),
        ("csv grant bundle", Verb.BULK),
        ("requests", Verb.REQUESTS),
        ("why R-4F7K", Verb.WHY),
        ("R-4F7K", Verb.WHY),
    ],
)
def test_a_verb_is_known_by_its_synonyms_and_in_any_case(text, verb):
    assert parse(text).verb is verb


@pytest.mark.parametrize(
    "text",
    [
        f"grant {JANE} gold bundle because refund case 4412",
        f"grant gold bundle {JANE} because refund case 4412",
        f"grant gold bundle to {JANE} because refund case 4412",
        f"grant {LINK} gold bundle because refund case 4412",
        f'grant "gold bundle" {LINK} because refund case 4412',
        f"grant “gold bundle” for {LINK} because: refund case 4412",
        f"grant „gold bundle“ {JANE}, because refund case 4412",
        f"grant {JANE} 'gold bundle' reason: refund case 4412",
        f"grant &lt;{JANE}&gt; gold bundle because refund case 4412",
        f"grant\n{JANE}\ngold\tbundle\nBecause refund case 4412",
        f"grant {JANE} {JANE.upper()} gold bundle because refund case 4412",
    ],
)
def test_customer_offer_and_reason_are_found_wherever_they_stand(text):
    words = parse(text)

    assert (words.addresses, words.offer, words.reason) == ((JANE,), "gold bundle", "refund case 4412")
    assert words.leftovers == ""
    assert words.customer() == JANE


@pytest.mark.parametrize(
    ("text", "limit", "days"),
    [
        ("for 30d", "for 30d", 30),
        ("for 30 days", "for 30 days", 30),
        ("for 2 weeks", "for 2 weeks", 14),
        ("for 2w", "for 2w", 14),
        ("for a month", "for a month", 30),
        ("for one year", "for one year", 365),
        ("For 12 hours,", "For 12 hours", 1),
        ("until 2027-01-01", "until 2027-01-01", None),
    ],
)
def test_a_time_limit_is_no_part_of_the_offer(text, limit, days):
    words = parse(f"grant {JANE} gold bundle {text} because goodwill")

    assert (words.limit, words.days, words.offer, words.reason) == (limit, days, "gold bundle", "goodwill")


@pytest.mark.parametrize("offer", ["baking for kids", "coaching for 4", "until dawn", "7 day detox"])
def test_an_offer_may_sound_like_a_time_limit(offer):
    words = parse(f"grant {JANE} {offer}")

    assert (words.offer, words.limit) == (offer, "")


def test_the_reason_stays_as_it_was_typed():
    words = parse(f"grant {JANE} bundle because she said “it’s  gone” for 2 weeks &amp; bob@example.com agrees")

    assert words.reason == "she said “it’s  gone” for 2 weeks & bob@example.com agrees"
    assert words.addresses == (JANE,)


def test_because_inside_quotes_belongs_to_the_offer():
    words = parse(f'grant {JANE} "because you can" because refund')

    assert (words.offer, words.reason) == ("because you can", "refund")


def test_what_stands_beside_quoted_offer_words_is_left_over():
    words = parse(f'grant {JANE} "gold bundle" quickly "please"')

    assert (words.offer, words.leftovers) == ("gold bundle", "please quickly")


def test_two_customers_are_refused_and_named():
    with pytest.raises(SeveralAddresses) as refused:
        parse(f"who {JANE} bob@example.com").customer()

    assert refused.value.addresses == (JANE, "bob@example.com")


def test_a_malformed_address_is_shown_as_typed():
    with pytest.raises(AddressMalformed) as refused:
        parse("who jane@example").customer()

    assert refused.value.typed == "jane@example"


def test_a_link_that_shows_another_address_than_it_leads_to_is_two_addresses():
    assert addresses_in("<mailto:eve@example.net|jane@example.com>") == ("eve@example.net", JANE)


def test_the_addresses_of_a_message_are_found_once_each():
    text = f"Hi, I am {LINK}, not <mailto:jon@example.com|jon@example.com>! Write to Jane@Example.com; or see <http://a.b|a.b>"

    assert addresses_in(text) == (JANE, "jon@example.com")


@pytest.mark.parametrize(
    ("text", "action", "offer", "reason"),
    [
        ("bulk", None, "", ""),
        ("bulk grant", Action.GRANT, "", ""),
        ("bulk revoke pastry basics because it was a mistake", Action.REVOKE, "pastry basics", "it was a mistake"),
        ("bulk remove “grant kit”", Action.REVOKE, "grant kit", ""),
        ("bulk “grant kit” because spring", None, "grant kit", "spring"),
        ("bulk bundle", None, "bundle", ""),
    ],
)
def test_for_a_list_the_words_say_what_is_to_be_done_and_the_form_asks_for_whom(text, action, offer, reason):
    words = parse(text)

    assert (words.verb, words.action, words.offer, words.reason) == (Verb.BULK, action, offer, reason)


@pytest.mark.parametrize(
    ("text", "offer", "by_price", "descending"),
    [
        ("find gold", "gold", False, False),
        ("find gold by price", "gold", True, False),
        ("find gold sorted by price", "gold", True, False),
        ("find gold by price desc", "gold", True, True),
        ("find by price", "", True, False),
        ("find 'by price'", "by price", False, False),
        ("find “gold bundle” BY PRICE", "gold bundle", True, False),
        ("find", "", False, False),
        ("find low price", "low price", False, False),
    ],
)
def test_offers_are_found_by_words_and_sorted_by_price(text, offer, by_price, descending):
    words = parse(text)

    assert (words.offer, words.by_price, words.descending) == (offer, by_price, descending)


@pytest.mark.parametrize(
    ("text", "scope", "request_id"),
    [
        ("requests", Scope.MINE, ""),
        ("requests mine", Scope.MINE, ""),
        ("requests Waiting", Scope.WAITING, ""),
        ("requests recent", Scope.RECENT, ""),
        ("requests R-4F7K", Scope.MINE, "R-4F7K"),
        ("requests r-4f7k", Scope.MINE, "R-4F7K"),
        ("why 4f7k", Scope.MINE, "R-4F7K"),
        ("why R-4F7K?", Scope.MINE, "R-4F7K"),
    ],
)
def test_requests_are_named_by_list_or_id(text, scope, request_id):
    words = parse(text)

    assert (words.scope, words.request_id) == (scope, request_id)


@pytest.mark.parametrize(
    "text", ["frobnicate", "gran jane", "requests of last week", "why", "why not then", "show", "who"]
)
def test_what_is_not_understood_comes_with_an_example_that_works(text):
    with pytest.raises(Misunderstood) as refused:
        parse(text).customer()

    assert refused.value.example in EXAMPLES.values()
    parse(refused.value.example.removeprefix("/offer "))


def test_a_mistyped_verb_gets_the_example_of_the_one_that_was_meant():
    with pytest.raises(Misunderstood) as refused:
        parse("gran jane bundle")

    assert refused.value.example == EXAMPLES[Verb.GRANT]


@pytest.mark.parametrize("verb", Verb)
def test_every_example_works(verb):
    assert parse(EXAMPLES[verb].removeprefix("/offer ")).verb is verb


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a|",
        "<mailto:",
        '"',
        "'a ",
        "'",
        "“",
        "@",
        "a@b.",
        "for 1",
        "because ",
        "a ",
        "&lt;",
        "\u202e",
        "R-",
        "a@a.aa ",
    ],
)
@pytest.mark.parametrize("before", ["", "grant ", "find ", "requests ", "who "])
def test_ten_thousand_hostile_characters_are_parsed_at_once(before, piece):
    text = before + piece * (10_000 // len(piece))
    began = time.process_time()
    try:
        parse(text)
    except BadInput:
        pass
    finally:
        took = time.process_time() - began

    assert took < 1


PIECES = st.sampled_from(
    [
        "grant",
        "revoke",
        "find",
        "who",
        "requests",
        "why",
        JANE,
        LINK,
        '"',
        "“",
        "’",
        "because",
        "for",
        "30d",
        "2 weeks",
        "by",
        "price",
        "<",
        ">",
        "|",
    ]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=30).map(" ".join) | st.text())
def test_anything_at_all_is_understood_or_refused_with_an_example(text):
    try:
        words = parse(text)
    except Misunderstood as refusal:
        misunderstood, example = refusal.words, refusal.example
    else:
        misunderstood, example = "", words.example
        assert len(words.offer) + len(words.reason) + len(words.leftovers) <= 2 * len(text) + 2

    assert example in EXAMPLES.values()
    assert len(misunderstood) <= 100


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("pause", ""),
        ("pause the price list is wrong", "the price list is wrong"),
        ("STOP  because: Kajabi grants twice", "Kajabi grants twice"),
        ("pause grant jane@example.com is wrong, see R-4F7K", "grant jane@example.com is wrong, see R-4F7K"),
        ("halt 'now", "'now"),
    ],
)
def test_whatever_follows_pause_is_the_reason_as_it_was_typed(typed, reason):
    words = parse(typed)

    assert (words.verb, words.reason) == (Verb.PAUSE, reason)


@pytest.mark.parametrize("typed", ["resume", "Resume now", "unpause", "continue please"])
def test_resume_needs_no_more_than_its_verb(typed):
    assert parse(typed).verb is Verb.RESUME


@pytest.mark.parametrize(
    ("typed", "ids", "offer"),
    [
        ("revoke jane@example.com miles ids 123,456 because twice", "123,456", "miles"),
        ("revoke jane@example.com miles ids 123, 456 because twice", "123, 456", "miles"),
        ("revoke ids: 123 456 miles jane@example.com", "123 456", "miles"),
        ("revoke jane@example.com miles ids 12a", "12a", "miles"),
        ("revoke jane@example.com miles ids", "", "miles ids"),
        ("revoke jane@example.com ids for all", "", "ids for all"),
        ("revoke jane@example.com miles because ids 12 are wrong", "", "miles"),
        ("grant jane@example.com miles ids 123", "", "miles ids 123"),
    ],
)
def test_ids_of_what_is_to_be_revoked_are_taken_out(typed, ids, offer):
    words = parse(typed)

    assert (words.ids, words.offer) == (ids, offer)

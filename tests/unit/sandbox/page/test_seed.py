"""What Kajabi holds from the start."""

import json
from pathlib import Path

import pytest

from bot.domain.parsing import EXAMPLES
from bot.sandbox.kajabi import LocalKajabi
from bot.sandbox.page.browser import has_screen, open_in_browser
from bot.sandbox.page.completion import VERBS
from bot.sandbox.page.guard import RealToken, refuse_real_tokens
from bot.sandbox.page.seed import furnish_nothing, furnish_school
from bot.sandbox.page.seedfile import BadSeed, read_seed

TOML = """
site = "My Academy"
[[offers]]
title = "Bread"
internal_title = "bread-101"
price_in_cents = 4900
[[offers]]
title = "Circle"
recurring = true
archived = true
products = ["Community", "Live"]
[[customers]]
email = "jane@example.com"
name = "Jane Doe"
[[customers]]
email = "sam@example.com"
[[holdings]]
customer = "jane@example.com"
offer = "bread-101"
[[holdings]]
customer = "SAM@example.com"
offer = "Circle"
how = "bought"
"""


@pytest.fixture
def kajabi():
    return LocalKajabi()


def written(folder: Path, content, *, name="seed.json"):
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


async def test_a_school_has_a_dozen_offers_fifty_customers_and_a_history(kajabi):
    furnish_school(kajabi)
    books = kajabi.books
    addresses = {contact.email for contact in books.contacts.values()}

    assert len(books.sites) == 1
    assert len(books.offers) == 12
    assert len(addresses) == len(books.contacts) == 50
    assert all(address.isascii() and " " not in address for address in addresses)
    assert sum(bool(kajabi.holds(contact)) for contact in books.contacts.values()) >= 20
    assert sum(not purchase.active for purchase in books.purchases.values()) == 3
    assert all(purchase.created_at < kajabi.clock() for purchase in books.purchases.values())
    assert kajabi.mails == []


async def test_an_empty_account_has_a_site_and_nothing_else(kajabi):
    furnish_nothing(kajabi)

    assert len(kajabi.books.sites) == 1
    assert not kajabi.books.offers
    assert not kajabi.books.contacts


async def test_a_file_says_what_there_is(kajabi, tmp_path):
    read_seed(written(tmp_path, TOML, name="seed.toml"))(kajabi)
    bread, circle = kajabi.books.offers.values()

    assert next(iter(kajabi.books.sites.values())).title == "My Academy"
    assert (bread.title, bread.internal_title, bread.price_in_cents, bread.recurring) == (
        "Bread",
        "bread-101",
        4900,
        False,
    )
    assert (circle.recurring, circle.archived, len(circle.products)) == (True, True, 2)
    assert kajabi.granted("jane@example.com") == {bread.id}
    assert kajabi.holds("sam@example.com") == {circle.id}
    assert kajabi.granted("sam@example.com") == set()


async def test_a_file_in_json_may_say_nothing(kajabi, tmp_path):
    read_seed(written(tmp_path, {}))(kajabi)

    assert len(kajabi.books.sites) == 1


OFFER, JANE = {"title": "Bread"}, {"email": "jane@example.com"}


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ([], "there must be an object with offers, customers and holdings."),
        ({"offer": []}, "“offer” is not known; there are site, offers, customers, holdings."),
        ({"site": 7}, "“site” must be a text."),
        ({"offers": {}}, "“offers” must be a list."),
        ({"offers": ["Bread"]}, "offers, entry 1 must be an object."),
        ({"offers": [OFFER, {}]}, "offers, entry 2: “title” is missing."),
        (
            {"offers": [OFFER | {"price": 3}]},
            "offers, entry 1: “price” is not known; there are title, internal_title, ",
        ),
        ({"offers": [OFFER | {"price_in_cents": -1}]}, "entry 1: “price_in_cents” must be a whole number from 0 on."),
        ({"offers": [OFFER | {"price_in_cents": True}]}, "entry 1: “price_in_cents” must be a whole number from 0 on."),
        ({"offers": [OFFER | {"recurring": "yes"}]}, "offers, entry 1: “recurring” must be true or false."),
        ({"offers": [OFFER | {"products": [""]}]}, "offers, entry 1: “products” must be a list of texts."),
        ({"offers": [OFFER | {"currency": "dollars"}]}, "“currency” must be three capital letters, as in USD."),
        ({"offers": [OFFER, OFFER]}, "offers, entry 2 (Bread): there is an offer of that name already"),
        ({"customers": [{"email": "jane"}]}, "customers, entry 1: 'jane' is not an address."),
        ({"customers": [JANE, {"email": "JANE@example.com"}]}, "entry 2: JANE@example.com is there already."),
        ({"holdings": [{"customer": "x@y.example", "offer": "Bread"}]}, "no customer has the address x@y.example."),
        (
            {"customers": [JANE], "holdings": [{"customer": JANE["email"], "offer": "Bread"}]},
            "holdings, entry 1: no offer is called “Bread”.",
        ),
        (
            {
                "offers": [OFFER],
                "customers": [JANE],
                "holdings": [{"customer": JANE["email"], "offer": "Bread", "how": "x"}],
            },
            "holdings, entry 1: “how” must be granted or bought.",
        ),
    ],
)
def test_a_file_with_a_fault_is_refused_with_the_entry_named(tmp_path, document, says):
    path = written(tmp_path, document)
    with pytest.raises(BadSeed) as refused:
        read_seed(path)

    assert str(refused.value).startswith(f"{path}: ")
    assert says in str(refused.value)


@pytest.mark.parametrize(("name", "content"), [("a.json", "{"), ("a.toml", "= 7"), ("b.json", TOML)])
def test_a_file_in_no_known_form_is_refused(tmp_path, name, content):
    with pytest.raises(BadSeed, match=r"is not (JSON|TOML)"):
        read_seed(written(tmp_path, content, name=name))


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "seed.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSeed, match="is not TOML"):
        read_seed(tmp_path / "seed.toml")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadSeed, match="cannot be read: No such file"):
        read_seed(tmp_path / "gone.toml")


@pytest.mark.parametrize(
    "environment",
    [{"SLACK_BOT_TOKEN": "xoxb-1-abc"}, {"SLACK_BOT_TOKEN": " xoxb-1"}, {"SLACK_APP_TOKEN": "xapp-1-A0-1"}],
)
def test_beside_a_real_token_nothing_starts(environment):
    with pytest.raises(RealToken, match="unset SLACK_") as refused:
        refuse_real_tokens(environment)

    assert not any(token.strip() in str(refused.value) for token in environment.values())


@pytest.mark.parametrize(
    "environment",
    [{}, {"SLACK_BOT_TOKEN": ""}, {"SLACK_BOT_TOKEN": "xoxb-sandbox-1"}, {"SLACK_BOT_TOKEN": "xoxb-test"}],
)
def test_beside_an_invented_token_or_none_it_starts(environment):
    refuse_real_tokens(environment)


async def test_without_a_screen_no_browser_is_tried():
    assert has_screen("linux", {}) is False
    assert has_screen("linux", {"DISPLAY": ":0"}) is True
    assert has_screen("darwin", {}) is True
    assert await open_in_browser("http://127.0.0.1:1/", environment={}) is False


def test_every_verb_of_the_bot_is_offered_for_completion():
    assert {verb: example for verb, example, _ in VERBS["/offer"]} == {
        verb.value: one for verb, one in EXAMPLES.items()
    }

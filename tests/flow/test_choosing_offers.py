import pytest

from tests.flow.steps import chosen, field, forged, labels, opened, suggests

pytestmark = pytest.mark.parametrize("transport", ["http"])


async def test_an_empty_field_offers_the_first_hundred_of_thousands_by_title(idle):
    for number in range(2600):
        idle.kajabi.add_offer(f"Lesson n{number:04}", price_in_cents=100 * number)
    await idle.start()
    await opened(idle.ada, "/offer grant")

    first = labels(await idle.ada.suggests("offer", ""))
    last = labels(await idle.ada.suggests("offer", "less n2599"))
    by_internal_title = labels(await idle.ada.suggests("offer", "circle-m"))

    assert len(first) == 100
    assert first[0].startswith("Baker")
    assert first == sorted(first, key=str.casefold)
    assert last[0].startswith("Lesson n2599 · 2,599.00 USD")
    assert by_internal_title[0].startswith("Bakers’ Circle · 15.00 USD")
    assert idle.workspace.journal.delivered("block_suggestion")[0].seconds < 1


async def test_equal_titles_are_told_apart(desk):
    one = desk.kajabi.add_offer("Gift", internal_title="gift-2025", price_in_cents=500)
    two = desk.kajabi.add_offer("Gift", price_in_cents=500)
    await desk.passes(3600)
    await opened(desk.ada, "/offer grant jane@example.com")
    expected = [f"Gift · 5.00 USD · gift-2025 · {one.id}", f"Gift · 5.00 USD · {two.id}"]

    await suggests(desk.ada, "gift", until=expected)


async def test_a_revoke_offers_what_the_customer_holds_archived_ones_too(desk):
    old = desk.kajabi.add_offer("Summer 2019", archived=True)
    desk.kajabi.grant("jane@example.com", old)
    await opened(desk.ada, "/offer revoke jane@example.com because refund")

    everything = labels(await desk.ada.suggests("offer", ""))
    one = labels(await desk.ada.suggests("offer", "summer"))

    assert [label.partition(" · ")[0] for label in everything] == ["Summer 2019", "Welcome Mini-Course"]
    assert len(one) == 1
    assert await desk.ada.submits(offer="summer") == {}
    await desk.grace.sees("Revoke Summer 2019 from Jane Doe", in_="#support")


@pytest.mark.parametrize(
    ("command", "typed", "told"),
    [
        ("revoke", "", "Give the customer’s e-mail address first."),
        ("revoke noor@example.com", "", "The customer holds nothing."),
        ("revoke jane@example.com", "sourdough", "Nothing the customer holds fits these words."),
        ("revoke ane@example.com", "", "Kajabi knows no contact with exactly this address. Check the spelling."),
        ("grant", "zebra", "No offer fits these words."),
    ],
)
async def test_where_nothing_can_be_chosen_the_field_says_why(desk, command, typed, told):
    await opened(desk.ada, f"/offer {command}")

    assert labels(await desk.ada.suggests("offer", typed)) == [told]


async def test_a_reason_why_there_is_nothing_cannot_be_chosen(desk):
    await opened(desk.ada, "/offer grant jane@example.com because refund")
    (nothing,) = await desk.ada.suggests("offer", "zebra")

    answer = await forged(desk, desk.ada, offer=chosen(nothing["value"]))

    assert answer["errors"] == {"offer": "Which offer? Choose one."}


async def test_a_slow_kajabi_is_said_in_the_field_before_slack_gives_up(desk):
    silence = desk.kajabi.trouble("held", path="/v1/contacts*")
    await opened(desk.ada, "/offer revoke jane@example.com")

    found = labels(await desk.ada.suggests("offer", ""))

    silence.stop()
    assert found == ["Kajabi has not answered yet. Type again in a moment."]
    assert desk.ada.notices == []


async def test_a_failing_kajabi_is_said_in_the_field(desk):
    desk.kajabi.trouble("server_error", path="/v1/contacts*")
    await opened(desk.ada, "/offer revoke jane@example.com")

    (said,) = labels(await desk.ada.suggests("offer", ""))

    assert said.startswith("Kajabi could not be reached just now")


async def test_the_list_follows_kajabi_in_the_background(desk):
    await opened(desk.ada, "/offer grant jane@example.com because refund")
    assert labels(await desk.ada.suggests("offer", "holiday"))[0].startswith("Holiday Baking")

    new = desk.kajabi.add_offer("Easter Lamb", price_in_cents=900)
    desk.kajabi.archive(next(one for one in desk.kajabi.books.offers.values() if one.title == "Holiday Baking"))
    await desk.passes(3600)

    await suggests(desk.ada, "easter", until=[f"Easter Lamb · 9.00 USD · {new.id}"])
    await suggests(desk.ada, "holiday", until=["No offer fits these words."])


async def test_the_list_of_yesterday_serves_while_kajabi_is_down(desk):
    desk.kajabi.trouble("unavailable", path="/v1/offers")
    await desk.passes(3600)
    await desk.kajabi.until_called(path="/v1/offers", times=2)
    await opened(desk.ada, "/offer grant jane@example.com because refund")

    await desk.ada.fills(offer="sourdough")

    assert field(desk.ada, "offer").startswith("kajabi:")

"""`/offer requests` with words that say which ones."""

from datetime import UTC, datetime

import pytest

from tests.flow.following import cards, done, id_of, over_http
from tests.flow.steps import opened

SOURDOUGH = "/offer grant jane@example.com sourdough because one"
HOLIDAY = "/offer grant mia.chen@example.com holiday because two"


async def lists(person, words):
    person.reloads()
    answer = await person.types(f"/offer requests {words}", channel="#support")
    assert answer is not None, person.notices
    return answer.plain


@pytest.fixture
async def some(desk):
    """Ada's grant is done, Mallory's is denied, Ada's revoke waits."""
    await done(desk, SOURDOUGH)
    card, _ = await desk.asks(desk.mallory, HOLIDAY)
    await desk.grace.types("@Offerdesk deny too early", thread=card)
    await desk.mallory.sees("too early", in_=card)
    await desk.asks(desk.ada, "/offer revoke mia.chen@example.com pastry basics because three")
    return desk


async def test_each_word_narrows_the_list_and_is_said_back(some):
    async def shown(words):
        text = await lists(some.grace, words)
        titles = {"Sourdough Deep Dive", "Holiday Baking", "Pastry Basics"}
        return {one for one in titles if one in text}, text.splitlines()[0]

    assert await shown("grant") == ({"Sourdough Deep Dive", "Holiday Baking"}, "Recent requests, grants")
    assert await shown("revoke") == ({"Pastry Basics"}, "Recent requests, revokes")
    assert await shown("denied") == ({"Holiday Baking"}, "Recent requests, denied")
    assert await shown("done") == (
        {"Sourdough Deep Dive"},
        "Recent requests, done and verified or not needed, it already was so",
    )
    assert await shown("by @Mallory") == ({"Holiday Baking"}, "Recent requests, by @Mallory")
    assert await shown("for MIA.chen@example.com") == (
        {"Holiday Baking", "Pastry Basics"},
        "Recent requests, for MIA.chen@example.com",
    )
    assert await shown("offer sourdough since 7d") == (
        {"Sourdough Deep Dive"},
        f"Recent requests, offer “sourdough”, since {some_date(some, 7)}",
    )
    assert await shown("waiting by @ada") == ({"Pastry Basics"}, "Requests that wait, by @Ada")
    assert (await shown("since 2 weeks"))[0] == {"Sourdough Deep Dive", "Holiday Baking", "Pastry Basics"}


def some_date(desk, days):
    return f"{datetime.fromtimestamp(desk.clock() - days * 86_400, UTC):%b %-d, %Y}"


@over_http
async def test_what_is_older_is_left_out(some):
    await some.passes(8 * 86_400)

    assert "No request that you may see is like that" in await lists(some.grace, "since 7d")
    assert "Holiday Baking" in await lists(some.grace, "since 9 days")


@over_http
async def test_a_list_leads_to_each_card(some):
    some.grace.reloads()
    answer = await some.grace.types("/offer requests denied", channel="#support")
    card = next(one for one in cards(some) if "Holiday Baking" in one.plain)

    assert f"/archives/{card.post.channel}/p{card.ts.replace('.', '')}|{id_of(card)}>" in str(answer.shown.blocks)


@over_http
async def test_people_see_only_what_they_may(some):
    assert "Holiday Baking" in await lists(some.mallory, "denied")
    assert "No request that you may see" in await lists(some.ada, "denied")
    assert await lists(some.ada, "by @Mallory") == (
        "You see only the requests that you made yourself. /offer requests mine lists them."
    )
    assert "Sourdough Deep Dive" in await lists(some.ada, "by me for jane@example.com")
    assert "No request that you may see" in await lists(some.mallory, "for jane@example.com")


@over_http
async def test_what_is_not_understood_is_said_and_nothing_is_listed(some):
    told = await lists(some.grace, "denied flubb since whenever")

    assert told == "I did not understand “flubb since whenever”. This would work: /offer requests waiting"


@over_http
async def test_a_filtered_list_goes_on_as_it_began(desk):
    for number in range(13):
        person, offer = (desk.mallory, "holiday") if number == 1 else (desk.ada, "sourdough")
        await opened(person, f"/offer grant jane@example.com {offer} because number {number}")
        assert await person.submits() == {}
    desk.grace.reloads()
    first = await desk.grace.types("/offer requests grants offer sourdough", channel="#support")
    await desk.grace.presses("More", first)
    second = await desk.workspace.changes.until(lambda: desk.grace.messages("ephemeral")[:-1] or None, timeout=5)

    rows = [line for one in (first, *second) for line in one.plain.splitlines() if line.startswith("•")]
    assert len(rows) == len(set(rows)) == 12
    assert all("Sourdough" in row for row in rows)

import pytest

from bot.domain.request import Offer
from tests.unit.slack.front import a_front


@pytest.fixture
async def front(tmp_path):
    async with a_front(tmp_path) as front:
        yield front


async def test_help_names_what_the_asker_may_do(front):
    shown = await front.ada.types("/offer help", channel="offers")

    assert "/offer grant" in shown.plain
    assert "/offer requests – yours" in " ".join(shown.plain.replace("`", "").split())
    assert "You may decide" not in shown.plain


async def test_help_tells_approvers_how_to_decide(front):
    shown = await front.bob.types("/offer", channel="offers")

    assert "You may decide" in shown.plain
    assert "waiting" in shown.plain


async def test_help_says_why_somebody_may_not_ask(tmp_path):
    async with a_front(tmp_path, approvers=("U0ADA",)) as front:
        shown = await front.ada.types("/offer help", channel="offers")

        assert "Nobody but you could approve this" in shown.plain
        assert "/offer grant" not in shown.plain


async def test_what_is_not_understood_gets_an_example(front):
    shown = await front.ada.types("/offer gran jane", channel="offers")

    assert "I did not understand “gran jane”" in shown.plain
    assert "/offer grant jane@example.com" in shown.plain


async def test_offers_are_found_privately_and_by_price(front):
    assert "Looking" in (await front.ada.types("/offer find gold by price desc", channel="offers")).plain
    shown = await front.ada.sees("2 offers with “gold” at Kajabi, dearest first", in_="offers")

    assert shown.plain.index("Gold Bundle") < shown.plain.index("Gold Yearly")
    await front.bob.does_not_see("2 offers", in_="offers")


async def test_ten_rows_are_shown_and_more_on_demand(front):
    front.shelf.offers = [Offer(provider="kajabi", id=str(n), title=f"Course {n:02d}") for n in range(23)]
    await front.ada.types("/offer find course", channel="offers")
    first = await front.ada.sees("1 to 10", in_="offers")
    assert "Course 09" in first.plain
    assert "Course 10" not in first.plain

    await front.ada.presses("more", first)
    second = await front.ada.sees("11 to 20", in_="offers")
    await front.ada.presses("more", second)

    last = await front.ada.sees("21 to 23", in_="offers")
    assert "More" not in last.plain


async def test_a_provider_that_is_down_is_said_so(front):
    front.shelf.down = True

    await front.ada.types("/offer find gold", channel="offers")

    await front.ada.sees("Kajabi could not be reached just now (no connection)", in_="offers")


async def test_an_offer_is_shown_with_its_internal_title(front):
    await front.ada.types("/offer show gold bundle", channel="offers")

    shown = await front.ada.sees("199.00 USD", in_="offers")
    assert "gold-26" in shown.plain


async def test_an_ambiguous_offer_is_answered_with_the_choices(front):
    await front.ada.types("/offer show gold", channel="offers")

    await front.ada.sees("Several offers fit “gold”", in_="offers")


async def test_a_customers_holdings_are_told(front):
    await front.ada.types("/offer who JANE@example.com", channel="offers")

    shown = await front.ada.sees("holds 1 offer at Kajabi", in_="offers")
    assert "Starter (granted)" in shown.plain


async def test_an_unknown_customer_is_said_so(front):
    await front.ada.types("/offer who jon@example.com", channel="offers")

    await front.ada.sees("Kajabi knows no contact with exactly this address", in_="offers")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("who", "Something is missing"),
        ("who jane", "I did not understand “jane”"),
        ("who jane@example", "is not an e-mail address"),
        ("who jane@example.com jon@example.com", "One request is for one customer"),
        ("show", "Something is missing"),
        ("why", "Something is missing"),
        ("why R-0000", "There is no request R-0000"),
    ],
)
async def test_what_is_missing_or_wrong_is_said_at_once(front, text, words):
    shown = await front.ada.types(f"/offer {text}", channel="offers")

    assert words in shown.plain


async def test_requests_are_listed_and_told(front):
    request_id = await front.asked()

    mine = await front.ada.types("/offer requests", channel="offers")
    waiting = await front.bob.types("/offer requests waiting", channel="offers")
    story = await front.ada.types(f"/offer requests {request_id.lower()}", channel="offers")

    assert f"{request_id}: grant Gold Bundle" in mine.plain.replace("*", "")
    assert request_id in waiting.plain
    assert "@Ada asked." in story.plain


async def test_the_requests_of_others_are_not_told_elsewhere(front):
    request_id = await front.asked()
    front.town.world.add_person("Dan", id="U0DAN")
    front.town.world.channel("alerts").members.add("U0DAN")
    dan = front.town.world.person("Dan")

    recent = await dan.types("/offer requests recent", channel="alerts")
    story = await dan.types(f"/offer why {request_id}", channel="alerts")

    assert request_id not in recent.plain
    assert "not yours to decide" in story.plain


async def test_what_broke_is_told_with_a_name_and_the_log_has_no_address(front, capsys):
    front.shelf.list_offers = None

    await front.ada.types("/offer find jane@example.com", channel="offers")

    await front.ada.sees("tell an admin: i-1", in_="offers")
    logged = capsys.readouterr().out
    assert "visit.broken" in logged
    assert "jane@example.com" not in logged


async def test_nasty_text_stays_text(front):
    await front.ada.types("/offer frob <!channel> \u202e", channel="offers")
    shown = await front.ada.sees("I did not understand", in_="offers")

    assert "!channel" in shown.plain
    assert shown.shown.only_for == "U0ADA"

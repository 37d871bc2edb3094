import pytest

from tests.flow.following import arrives, click_of
from tests.flow.steps import opened, suggests, typed

pytestmark = pytest.mark.parametrize("transport", ["http"])


# --- help ------------------------------------------------------------------------------------------------------------


async def test_help_shows_an_asker_no_word_about_deciding(desk):
    answer = await desk.mallory.types("/offer help", channel="#support")

    assert answer.is_ephemeral
    assert "/offer grant" in answer.plain
    assert "Approve" not in answer.plain
    assert "waiting" not in answer.plain


async def test_help_tells_an_approver_how_to_decide(desk):
    answer = await desk.grace.types("/offer", channel="#support")

    assert "@Offerdesk approve" in answer.plain
    assert "waiting or recent" in answer.plain


async def test_help_tells_somebody_whom_nobody_could_approve_that_asking_is_pointless(idle):
    idle.settings = idle.settings.model_copy(update={"approvers": (idle.grace.id,)})
    await idle.start()

    answer = await idle.grace.types("/offer help", channel="#support")

    assert "You cannot ask for a grant or a revoke" in answer.plain
    assert "/offer who" in answer.plain
    assert "/offer grant" not in answer.plain


@pytest.mark.parametrize(
    ("traits", "told"),
    [({"guest": True}, "Guests"), ({"team_id": "T0ELSEWHERE"}, "Only members of this workspace")],
    ids=["guest", "other workspace"],
)
async def test_who_is_no_member_is_told_so_and_nothing_else(desk, traits, told):
    guest = desk.workspace.add_person("Gwen", **traits)
    desk.workspace.join("#support", "Gwen")

    for verb in ("help", "find bundle", "show bundle", "who jane@example.com", "requests", "why R-4F7K"):
        guest.reloads()
        await guest.types(f"/offer {verb}", channel="#support")
        answer = await guest.sees(told, in_="ephemeral")
        assert "jane" not in answer.plain, verb
    guest.reloads()
    await guest.types("/offer grant jane@example.com", channel="#support")
    await guest.sees(told, in_="ephemeral")

    assert guest.form is None
    assert desk.kajabi.called(path="/v1/contacts") == []


MISUNDERSTOOD = {
    "flubb": "I did not understand “flubb”. This would work: /offer help",
    "fnd bundle": "This would work: /offer find bundle by price",
    "who": "Something is missing. This would work: /offer who jane@example.com",
    "who jane": "I did not understand “jane”. This would work: /offer who jane@example.com",
    "who jane@example": "“jane@example” is not an e-mail address",
    "who jane@example.com sam@example.com": "One request is for one customer. Which one",
    "why": "This would work: /offer why R-4F7K",
    "why R-ZZZZ": "There is no request R-ZZZZ",
    "show": "This would work: /offer show bundle",
    "requests all the time": "This would work: /offer requests waiting",
}


async def test_what_was_not_understood_is_said_with_what_would_work(desk):
    for words, told in MISUNDERSTOOD.items():
        answer = await desk.ada.types(f"/offer {words}", channel="#support")

        assert told in answer.plain, words
        assert answer.is_ephemeral


# --- find and show ---------------------------------------------------------------------------------------------------


async def test_find_searches_titles_and_descriptions(desk):
    desk.kajabi.add_offer("Rye", description="For lovers of a dark bundle", price_in_cents=100)

    answer = await typed(desk.ada, "/offer find bundle", "2 offers with “bundle”")

    assert "Everything Bundle · 199.00 USD · bundle-2026" in answer.plain
    assert "Rye · 1.00 USD" in answer.plain


async def test_find_sorts_by_price_both_ways(desk):
    up = await typed(desk.ada, "/offer find bakery by price", "cheapest first")
    down = await typed(desk.ada, "/offer find bakery by price desc", "dearest first")

    first, second = "Open a Bakery, in 3 payments", "499.00 USD"
    assert up.plain.index(first) < up.plain.index(second)
    assert down.plain.index(second) < down.plain.index(first)


async def test_find_says_when_there_is_nothing(desk):
    answer = await typed(desk.ada, "/offer find zebra", "Kajabi has no offer with “zebra”")

    assert answer.is_ephemeral


@pytest.mark.parametrize("meta", ["pages", "total"])
async def test_more_leads_through_all_of_hundreds_of_offers_once_each(idle, meta):
    idle.kajabi.conduct.meta = meta
    for number in range(313):
        idle.kajabi.add_offer(f"Lesson {number:04}", price_in_cents=number)
    await idle.start()

    page = await typed(idle.ada, "/offer find lesson + by price", "has no offer")
    page = await typed(idle.ada, "/offer find lesson by price", "1 to 10")
    seen = rows(page)
    for start in range(11, 313, 10):
        await idle.ada.presses("More", page)
        page = await idle.ada.sees(f"313 offers with “lesson” at Kajabi, cheapest first · {start} to", in_="ephemeral")
        seen += rows(page)

    assert seen == [f"Lesson {number:04}" for number in range(313)]
    assert page.buttons == []
    assert len(idle.kajabi.called(path="/v1/offers")) < 30


def rows(answer):
    return [line.partition(" · ")[0].removeprefix("• ") for line in answer.plain.splitlines() if line.startswith("•")]


async def test_a_more_button_that_carries_nonsense_is_answered_with_what_works(desk):
    for number in range(12):
        desk.kajabi.add_offer(f"Lesson {number}")
    page = await typed(desk.ada, "/offer find lesson", "12 offers")
    click = click_of(desk.ada, "more", page)
    for value in ("", "{", "[]", "1", '{"find": {}}', '{"requests": {"scope": "x", "before": 1}}'):
        click["actions"][0]["value"] = value
        desk.ada.reloads()
        await arrives(desk.ada, click)

        await desk.ada.sees("This would work: /offer find bundle by price", in_="ephemeral")


async def test_show_tells_an_offer_with_its_products(desk):
    answer = await typed(desk.ada, "/offer show everything bundle", "Products")

    assert "Everything Bundle · 199.00 USD" in answer.plain
    assert "Internal title: bundle-2026" in answer.plain
    assert "Bread from Scratch, Sourdough Deep Dive and Pastry Basics" in answer.plain


async def test_show_names_what_fits_where_several_do(desk):
    answer = await typed(desk.ada, "/offer show bakery", "Several offers fit “bakery”")

    assert "Open a Bakery, in 3 payments" in answer.plain
    assert "179.00 USD" in answer.plain


async def test_show_takes_an_exact_title_among_those_that_begin_alike(desk):
    answer = await typed(desk.ada, '/offer show "open a bakery"', "499.00 USD")

    assert "Templates" in answer.plain


async def test_show_says_when_nothing_fits_and_where_to_look(desk):
    answer = await typed(desk.ada, "/offer show unicorns", "no offer that fits “unicorns”")

    assert "/offer find" in answer.plain


async def test_show_says_that_an_offer_is_archived(idle):
    await idle.start()
    bundle = next(one for one in idle.kajabi.books.offers.values() if one.title == "Holiday Baking")
    idle.kajabi.archive(bundle)
    await idle.passes(3600)
    await opened(idle.ada, "/offer grant")
    await suggests(idle.ada, "holiday", until=["No offer fits these words."])

    answer = await typed(idle.ada, f"/offer show {bundle.id}", "archived")

    assert "it can be revoked, not granted" in answer.plain


# --- who -------------------------------------------------------------------------------------------------------------


async def test_who_tells_what_is_held_with_titles_and_whether_it_is_paid_for(desk):
    granted = await typed(desk.ada, "/offer who jane@example.com", "Jane Doe")
    paying = await typed(desk.ada, "/offer who SAM@Example.com", "Sam Rivers")
    bought = await typed(desk.ada, "/offer who lena@example.org", "Lena Fischer")

    assert "Welcome Mini-Course (granted)" in granted.plain
    assert "Bakers’ Circle (paying for it, since" in paying.plain
    assert "Bread from Scratch (bought, since" in bought.plain
    assert all(one.is_ephemeral for one in (granted, paying, bought))


async def test_who_tells_what_was_held_and_why_it_ended(desk):
    kids = next(one for one in desk.kajabi.books.offers.values() if one.title == "Baking with Kids")
    desk.kajabi.purchase("tariq@example.net", kids, deactivated_at="2026-05-01T10:00:00Z", reason="Refunded")

    answer = await typed(desk.ada, "/offer who tariq@example.net", "Tariq Aziz")

    assert "holds nothing at Kajabi" in answer.plain
    assert "Baking with Kids held until May 1" in answer.plain
    assert "Refunded" in answer.plain


async def test_who_tells_who_gave_it_and_why(desk):
    _, question = await desk.asks(desk.ada, "/offer grant jane@example.com sourdough because won the bake-off")
    await desk.grace.presses("approve", question)
    await desk.ada.sees("verified", in_="#support")

    answer = await typed(desk.mallory, "/offer who jane@example.com", "holds 2 offers")

    assert "Sourdough Deep Dive (granted) – asked by @Ada, approved by @Grace: “won the bake-off” (R-" in answer.plain
    assert answer.is_ephemeral


async def test_who_takes_the_one_that_is_exact_among_many_that_contain_it(desk):
    for number in range(120):
        desk.kajabi.add_contact(f"x{number}jane@example.com", f"Not Jane {number}")
    desk.kajabi.add_contact("omar@example.com", "Another Omar")

    jane = await typed(desk.ada, "/offer who jane@example.com", "holds")
    omar = await typed(desk.ada, "/offer who omar+baking@example.com", "Omar Haddad")

    assert "Jane Doe · jane@example.com" in jane.plain
    assert "omar+baking@example.com" in omar.plain


async def test_who_says_that_nobody_has_the_address(desk):
    answer = await typed(desk.ada, "/offer who ane@example.com", "Kajabi knows no contact with exactly this address")

    assert "Check the spelling" in answer.plain

"""A list granted for a time: each customer's end is their own, and people hear of all of them together."""

from bot.domain.term import DAY
from tests.flow.following import all_told, effects, id_of, offer, over_http, rows, told
from tests.flow.steps import field, opened, typed
from tests.flow.test_bulk import asked, done, files, form_of, holders

OFFER = "Holiday Baking"
PEOPLE = ("jane@example.com", "mia.chen@example.com", "omar+baking@example.com")
PASTED = "\n".join(PEOPLE)
COLUMNS = (
    b"e-mail,days,reason\n"
    b"jane@example.com,30,a refund\n"
    b"mia.chen@example.com,2020-01-01,\n"
    b"omar+baking@example.com,,\n"
    b"lena@example.org,60,\n"
)


def ends(desk):
    """All ends of rows: their list, state and date, the oldest first."""
    return rows(desk, "select parent, state, planned from request where planned is not null order by number")


def ends_of(desk):
    return [row[0] for row in rows(desk, "select id from request where planned is not null order by number")]


async def anew(desk, **fields):
    """Ada sends another list; return the card and the question."""
    before = {one.ts for one in desk.ada.messages("#support")}
    await form_of(desk)
    assert await desk.ada.submits(customer=PASTED, **fields) == {}
    card = await desk.new_card(before)
    return card, await desk.grace.sees("Approve", in_=card)


async def granted(desk, *, customer=PASTED):
    card, question = await asked(desk, None, customer=customer, days="30")
    shown = question.plain
    await desk.grace.presses("approve", question)
    await desk.ada.sees("now ha", in_=card)
    await all_told(desk)
    return card, shown


async def test_each_customer_of_a_list_loses_it_after_their_time_and_people_hear_of_it_once(desk):
    card, shown = await granted(desk)
    planned = ends(desk)
    before, posts = len(told(desk.ada)), len(desk.ada.messages("#support"))
    await desk.passes(29 * DAY + 120)
    notice = await desk.ada.sees("Ends soon", in_="dm")
    await all_told(desk)
    announced, held = len(told(desk.ada)) - before, holders(desk, *PEOPLE)
    await desk.passes(DAY)
    await desk.ada.sees("3 taken back", in_="dm")
    await all_told(desk)

    assert "For a time: taken back by itself 30 days after it took effect, for each of them" in shown
    assert [one[:2] for one in planned] == [(id_of(card), "approved")] * 3
    assert announced == 1
    assert "/offer ending 2d" in notice.plain
    assert holders(desk, *PEOPLE) == []
    assert len(held) == 3
    assert effects(desk, "revoke") == 3
    assert len(told(desk.ada)) - before == 2
    assert len(desk.ada.messages("#support")) == posts, "ends of rows have no cards of their own"
    assert "Ends by itself: 3 taken back." in card.plain


@over_http
async def test_what_is_typed_for_a_list_is_in_its_form(desk):
    await opened(desk.ada, "/offer bulk grant holiday baking for 30d because trial")

    assert field(desk.ada, "days") == "30"


@over_http
async def test_each_row_may_say_for_how_long_and_why(desk):
    card, question = await asked(desk, COLUMNS, days="45")
    left_out = desk.ada.form.plain
    await all_told(desk)
    (found,) = files(desk, card)
    shown = question.plain
    await done(desk, card, question)
    await all_told(desk)
    planned = [one[2] for one in ends(desk)]
    audited = rows(desk, "select text from note join event using (seq) where event.name = 'change.sent'")

    assert "Row 3, “mia.chen@example.com”: The day until which it is to be granted is over." in left_out
    assert "1 for 60 days" in shown
    assert "1 for 45 days" in shown
    assert "1 customer with a reason of their own" in shown
    assert "for a time, which differs" in card.plain
    assert [row[5:] for row in found[1:]] == [
        ["30", "a refund"],
        ["", ""],
        ["45", "the spring course starts"],
        ["60", "the spring course starts"],
    ]
    assert sorted(round((one - planned[0]) / DAY) for one in planned) == [0, 15, 30]
    assert audited == [("a refund",)]


@over_http
async def test_who_holds_it_otherwise_keeps_it_and_who_holds_it_for_a_time_keeps_it_longer(desk):
    await granted(desk, customer="jane@example.com")
    desk.kajabi.grant("mia.chen@example.com", offer(desk, OFFER))
    await desk.passes(10 * DAY)
    card, question = await anew(desk, days="30")
    shown = question.plain
    await desk.grace.presses("approve", question)
    await desk.ada.sees("keeps it longer", in_=card)
    await all_told(desk)
    first, *others = ends(desk)
    await desk.passes(21 * DAY)
    await all_told(desk)
    kept = holders(desk, *PEOPLE)
    await desk.passes(10 * DAY)
    await desk.ada.sees("2 taken back", in_="dm")
    await all_told(desk)

    assert "1 to do, 1 held for a time, 1 already so" in shown
    assert "For a time already: 1 customer; that end is put off." in shown
    assert first[1] == "cancelled"
    assert len(others) == 2
    assert "1 customer keeps it longer" in card.plain
    assert [row[3] for row in files(desk, card)[-1][1:]] == ["extended", "not needed", "done"]
    assert len(kept) == 3
    assert holders(desk, *PEOPLE) == ["mia.chen@example.com"]
    assert effects(desk, "grant") == 2


@over_http
async def test_a_list_without_a_limit_lets_what_was_for_a_time_stay_for_good(desk):
    await granted(desk)
    card, question = await anew(desk)
    shown = question.plain
    await desk.grace.presses("approve", question)
    await desk.ada.sees("3 customers keep it for good", in_=card)
    await desk.passes(40 * DAY)
    await all_told(desk)

    assert "For a time already: 3 customers; that end is cancelled: it stays for good." in shown
    assert {one[1] for one in ends(desk)} == {"cancelled"}
    assert len(holders(desk, *PEOPLE)) == 3


@over_http
async def test_an_undo_of_some_of_a_list_cancels_their_ends_alone(desk):
    card, _ = await granted(desk)
    await desk.ada.presses("Undo", card)
    await desk.ada.sees("revoked from 3 customers", in_="view")
    refused = await desk.ada.submits(customer="nobody@example.com", reason="the wrong course")
    assert "nothing to undo" in refused["customer"]
    assert await desk.ada.submits(customer="jane@example.com, nobody@example.com", reason="the wrong course") == {}
    left_out = (await desk.ada.sees("left out", in_="view")).plain
    undoing = await desk.grace.sees(f"Revoke {OFFER} from 1 customer", in_="#support")
    await desk.grace.presses("approve", await desk.grace.sees("Approve", in_=undoing))
    await desk.ada.sees(f"1 customer no longer has {OFFER}", in_=undoing)
    await all_told(desk)

    assert "“nobody@example.com”: The list has changed nothing for this customer." in left_out
    assert holders(desk, *PEOPLE) == list(PEOPLE[1:])
    assert sorted(one[1] for one in ends(desk)) == ["approved", "approved", "cancelled"]
    assert "2 to come, 1 given up" in card.plain


@over_http
async def test_a_list_is_undone_for_those_in_a_file(desk):
    card, _ = await granted(desk)
    (became,) = files(desk, card)
    lines = [became[0], *became[2:]]
    content = "\n".join(",".join(row) for row in lines).encode()
    await desk.ada.presses("Undo", card)
    await desk.ada.sees("revoked from 3 customers", in_="view")
    assert await desk.ada.submits(file=("some.csv", content), reason="the wrong course") == {}
    undoing = await desk.grace.sees(f"Revoke {OFFER} from 2 customers", in_="#support")
    await desk.grace.presses("approve", await desk.grace.sees("Approve", in_=undoing))
    await desk.ada.sees(f"2 customers no longer have {OFFER}", in_=undoing)

    assert holders(desk, *PEOPLE) == ["jane@example.com"]


@over_http
async def test_the_ends_of_a_list_are_listed_and_one_of_them_can_stay_for_longer(desk):
    await granted(desk)
    listed = await typed(desk.ada, "/offer ending 40d", OFFER)
    before = {one.ts for one in desk.ada.messages("#support")}
    (end_id, *_) = ends_of(desk)
    await desk.ada.presses("extend", listed, value=end_id)
    await desk.ada.sees("Send", in_="view")
    assert await desk.ada.submits(reason="they asked for more", days="60") == {}
    card = await desk.new_card(before)
    await desk.grace.presses("approve", await desk.grace.sees("Approve", in_=card))
    await desk.ada.sees("Extended", in_=card)
    await desk.passes(31 * DAY)
    await desk.ada.sees("2 taken back", in_="dm")
    await all_told(desk)

    assert len(holders(desk, *PEOPLE)) == 1


@over_http
async def test_ends_that_fail_are_told_once_and_tried_again_by_themselves(desk):
    card, _ = await granted(desk)
    trouble = desk.kajabi.trouble("other", status=422, body=b"{}", path="*/relationships/offers", method="DELETE")
    await desk.passes(30 * DAY + 60)
    await desk.olga.sees("3 failed, which I try again by myself", in_="#alerts")
    await all_told(desk)
    alerts = ["failed" in one.plain for one in desk.olga.messages("#alerts")].count(True)
    trouble.stop()
    await desk.passes(3600)
    await desk.ada.sees("3 taken back", in_="dm")
    await all_told(desk)

    assert alerts == 1
    assert "Ends by itself: 3 taken back." in card.plain
    assert holders(desk, *PEOPLE) == []

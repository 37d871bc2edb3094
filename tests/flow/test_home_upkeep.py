"""The Home tab is up to date: for everybody concerned, through troubles, among hundreds, whatever is written."""

import asyncio

import pytest

from bot.domain import lifecycle
from bot.domain.notices import Notices
from bot.domain.preview import Preview
from bot.domain.request import Person
from bot.domain.states import Timing
from bot.store import open_store
from tests.contract.store.world import BUNDLE, JANE, submission
from tests.flow.following import (
    GRANT,
    ID,
    all_told,
    approved,
    done,
    effects,
    history,
    over_http,
    rows,
)
from tests.flow.homes import NOTHING, arrives, forged, home_of, part, published, submits, until
from tests.flow.test_hostile_text import EVIL, HUGE, TURNED, poison, unseen

# --- kept up to date -------------------------------------------------------------------------------------------------


async def test_everybody_concerned_sees_the_decision_of_somebody_else(desk):
    _, question = await desk.asks(desk.ada, GRANT)
    await home_of(desk.grace, "Everything Bundle")
    await home_of(desk.ada, "Waiting for a decision")
    await desk.linus.presses("deny", await desk.linus.sees("Deny", in_="dm"))
    assert await submits(desk.linus, reason="not this year") == {}

    await desk.grace.sees(NOTHING, in_="home")
    await desk.grace.sees("Denied by @Linus", in_="home")
    home = await desk.ada.sees("Denied by @Linus", in_="home")
    assert "Nothing that you asked for is open." in home.plain
    assert "not this year" in home.plain
    assert question.buttons == []
    assert desk.linus.home is None


@over_http
async def test_whoever_never_opened_the_home_costs_nothing(desk):
    await home_of(desk.mallory, "Your requests")
    await desk.grace.opens_home(tab="messages")
    await done(desk)

    assert set(published(desk)) == {desk.mallory.id}
    assert len(published(desk)) == 1


@over_http
async def test_a_new_request_and_a_new_page_cost_one_drawing_each(desk):
    await home_of(desk.grace, NOTHING)
    await desk.asks(desk.ada, GRANT)
    await desk.grace.sees("Everything Bundle", in_="home")
    await all_told(desk)
    once = published(desk).count(desk.grace.id)
    await desk.grace.opens_home()
    await desk.grace.opens_home()
    await until(desk, lambda: rows(desk, "select 1 from home where due is null"))

    assert published(desk).count(desk.grace.id) <= once + 1


@over_http
@pytest.mark.parametrize("trouble", ["limit", "fail", "drop_before"])
async def test_a_home_that_slack_does_not_take_is_shown_later(desk, trouble):
    desk.expected_refusals = frozenset({"ratelimited"})
    getattr(desk.workspace.troubles, trouble)("views.publish")

    await desk.grace.opens_home()
    await until(desk, lambda: desk.grace.home)
    assert NOTHING in desk.grace.messages("home")[0].plain


async def test_a_home_opened_right_before_a_crash_is_shown_after_it(desk):
    trouble = desk.workspace.troubles.fail("views.publish", times=1000)
    await desk.grace.opens_home()
    await until(desk, lambda: desk.workspace.journal.called("views.publish"))
    await desk.crashes()
    desk.workspace.troubles.clear()
    assert trouble.method == "views.publish"
    assert desk.grace.home is None
    await desk.start()

    await desk.grace.sees(NOTHING, in_="home")


@over_http
async def test_who_is_no_approver_any_more_after_a_restart_loses_what_waited(desk):
    await desk.asks(desk.ada, GRANT)
    await home_of(desk.grace, "Everything Bundle")
    await desk.stop()
    desk.settings = desk.settings.model_copy(update={"approvers": (desk.linus.id, desk.olga.id)})
    await desk.start()

    await until(desk, lambda: "Jane" not in desk.grace.messages("home")[0].plain)


@over_http
async def test_a_forgotten_customer_is_gone_from_every_home(desk):
    await done(desk)
    await home_of(desk.ada, "Jane Doe now has")
    await desk.bot.parts.store.forget("jane@example.com", now=desk.clock())

    await until(desk, lambda: "Jane" not in desk.ada.messages("home")[0].plain)


# --- the stop switch -------------------------------------------------------------------------------------------------


async def test_a_pause_is_seen_by_everybody_and_ended_by_an_admin_on_the_home(desk):
    await home_of(desk.ada, "Ask me")
    await home_of(desk.olga, "Nothing holds me up")
    await desk.olga.presses("pause")
    assert await submits(desk.olga, reason="Kajabi is moving") == {}

    told = await desk.ada.sees("Paused since", in_="home")
    assert "by @Olga: Kajabi is moving" in told.plain
    assert {"Pause", "Resume"}.isdisjoint(told.buttons)
    await desk.olga.sees("Paused since", in_="home")
    card = await approved(desk)
    held = await desk.ada.sees("It goes on by itself after", in_="home")
    assert "Approved by @Grace" in held.plain
    assert effects(desk) == 0
    await desk.olga.presses("resume")

    await desk.ada.sees("Done, verified", in_="home")
    await until(desk, lambda: "Paused" not in desk.olga.messages("home")[0].plain)
    assert "request.succeeded" in await history(desk, card)


@over_http
async def test_nobody_but_an_admin_pauses_or_resumes_on_the_home(desk):
    await home_of(desk.mallory, "Ask me")
    for button in ("pause", "resume"):
        await arrives(desk.mallory, forged(desk.mallory, button, ""))
        await desk.mallory.sees("Only admins stop me and let me go on: @Olga.", in_="view")
        await desk.mallory.closes()

    assert await desk.bot.parts.store.paused() is None


# --- many, and hostile -----------------------------------------------------------------------------------------------


async def crowded(desk, count):
    """Have so many requests of Ada's wait, as if they had been asked and shown long ago."""
    ada = Person(desk.workspace.team_id, desk.ada.id)
    preview = Preview(approvers=desk.settings.approvers, rule="APPROVERS")
    async with open_store(desk.settings.database_url, notices=Notices(), clock=desk.clock) as store:

        async def ask(number):
            form = submission(
                f"form-{number}", requester=ada, channel="C0SUPPORT", address=JANE.address, reason=f"number {number:03}"
            )
            now = desk.clock()
            case = await store.submit(form, offer=BUNDLE, now=now)
            await store.step(
                case.request.id,
                lambda found: lifecycle.prepare(
                    found, preview=preview, fingerprint="f", offer=BUNDLE, contact=JANE, timing=Timing(), now=now
                ),
            )

        for at in range(0, count, 50):
            await asyncio.gather(*(ask(number) for number in range(at, min(at + 50, count))))
        await store.db.write(lambda sqlite: sqlite.execute("update message set due = null"))


def numbers(home, title):
    return [int(line.split()[-1]) for line in part(home, title).splitlines() if "number " in line]


@over_http
async def test_five_hundred_open_requests_are_turned_page_by_page(idle):
    await crowded(idle, 500)
    await idle.start()
    home = await home_of(idle.grace, "number 000")
    assert numbers(home, "Waiting for you") == [0, 1, 2, 3, 4]
    for first in (5, 10, 15):
        await idle.grace.presses("turn_on")
        home = await idle.grace.sees(f"number {first:03}", in_="home")
        assert numbers(home, "Waiting for you") == list(range(first, first + 5))
    await idle.grace.presses("turn_back")
    home = await idle.grace.sees("number 010", in_="home")
    assert numbers(home, "Waiting for you") == [10, 11, 12, 13, 14]
    (wanted,) = rows(idle, "select id from request where reason = 'number 012'")
    await idle.grace.presses("deny", value=wanted[0])
    assert await submits(idle.grace, reason="no") == {}
    await until(idle, lambda: "number 012" not in part(idle.grace.messages("home")[0], "Waiting for you"))

    assert numbers(idle.grace.messages("home")[0], "Waiting for you") == [10, 11, 13, 14, 15]
    newest = [one[0] for one in rows(idle, "select id from request order by created desc limit 10")]
    mine = await home_of(idle.ada, newest[0])
    assert ID.findall(part(mine, "Your requests")) == newest[:5]
    await idle.ada.presses("turn_on")
    mine = await idle.ada.sees(newest[5], in_="home")
    assert ID.findall(part(mine, "Your requests")) == newest[5:]


@over_http
@pytest.mark.parametrize("words", [EVIL, TURNED, HUGE], ids=["mentions and links", "turned around", "huge"])
async def test_hostile_text_on_a_home_is_text(idle, words):
    poison(idle, words)
    await idle.start()
    command = "/offer grant victim@example.com"
    for _ in range(2):
        await idle.asks(idle.ada, command, offer="trap", reason=f"Because {words}"[:1500])
    await home_of(idle.grace, "Because")
    await home_of(idle.ada, "Waiting for a decision")
    await idle.grace.presses("deny", value=rows(idle, "select id from request order by number")[0][0])
    assert await submits(idle.grace, reason=words[:1500]) == {}

    denied = await idle.ada.sees("Denied by @Grace", in_="home")
    assert "Trap" in denied.plain
    assert unseen(idle) == set()

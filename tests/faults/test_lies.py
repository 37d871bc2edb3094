"""Kajabi lies, is slow, is silent, or talks without end: nothing is told as done that was not read back."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.states import Timing
from bot.providers.failures import LONGEST_PAUSE
from tests.faults.deeds import (
    GRANTING,
    PATIENCE,
    REVOKING,
    both_deeds,
    carried_out,
    claimed,
    endings,
    proved,
    rested,
)
from tests.flow.conftest import QUICK
from tests.flow.following import all_told, approved, history, in_thread, told
from tests.process.processes import PROC
from tests.process.world import asked, database
from tests.process.world import told as told_by_process

#: how Slack reaches the bot makes no difference to what Kajabi says
pytestmark = pytest.mark.parametrize("transport", ["http"])

#: what is counted is counted for a grant and for a revoke
EACH = "a grant and a revoke:"
#: what Kajabi answers to a change that it makes all the same
TWISTED: dict[str, tuple[str, dict[str, Any]]] = {
    "a page of HTML with status 200": ("html", {"done": True}),
    "half a document": ("broken_json", {}),
    "JSON that is no document": ("wrong_shape", {}),
    "nothing, with status 204": ("empty", {}),
    "a connection reset within the body": ("reset_mid_body", {}),
    "a connection that ends without an answer": ("timeout_after", {"closed": True}),
    "a success about another offer": ("mistaken", {"kind": "offers"}),
    "a success and 300 MB behind it": ("huge", {}),
    "a failure of its own (500)": ("server_error", {"done": True}),
}
#: what takes longer than the attempt has
ENDLESS: dict[str, tuple[str, dict[str, Any]]] = {
    "silence after the work": ("timeout_after", {}),
    "an answer byte by byte, slower than the lease": ("drip", {"seconds": 0.1}),
}


@pytest.fixture
async def hasty(idle):
    """A bot whose attempts have a second."""
    idle.settings = idle.settings.model_copy(update={"lease_seconds": 1.0})
    await idle.start()
    return idle


@pytest.fixture
async def unhurried(idle):
    """A bot that takes its real time over looking again; the clock is the test's."""
    idle.timing = Timing()
    await idle.start()
    return idle


# --- the answer to the change ----------------------------------------------------------------------------------------


@both_deeds
@pytest.mark.parametrize("fault", TWISTED)
async def test_whatever_is_answered_to_a_change_that_was_made_it_is_read_back_and_not_sent_again(
    desk, deed, fault, record
):
    name, options = TWISTED[fault]
    desk.kajabi.trouble(name, **deed.call, times=1, **options)
    card = await carried_out(desk, deed)

    assert deed.calls(desk) == 1
    assert "<" not in "".join(in_thread(card))
    record(
        f"Kajabi makes the change and answers {fault}",
        "reads back, then tells it as done",
        f"{EACH} 1 call, 1 effect, told once",
    )


@both_deeds
@pytest.mark.parametrize("fault", ENDLESS)
async def test_what_is_answered_too_late_is_read_back_and_not_sent_again(hasty, deed, fault, record):
    name, options = ENDLESS[fault]
    hasty.kajabi.trouble(name, **deed.call, times=1, **options)
    await carried_out(hasty, deed)

    assert deed.calls(hasty) == 1
    record(
        f"Kajabi makes the change and answers with {fault}",
        "the attempt ends with its lease, the next one reads back",
        f"{EACH} 1 call, 1 effect, told once",
    )


@both_deeds
async def test_a_page_instead_of_the_work_is_looked_for_and_sent_once_more(desk, deed, record):
    desk.kajabi.trouble("html", **deed.call, times=1)
    card = await carried_out(desk, deed)

    assert deed.calls(desk) == 2
    assert (await history(desk, card)).count("change.resent") == 1
    record(
        "Kajabi answers a page of HTML with status 200 and makes no change",
        "reads three times, then sends it once more",
        f"{EACH} 2 calls, 1 effect, told once",
    )


@both_deeds
async def test_work_that_is_done_after_the_attempt_was_given_up_has_one_effect(hasty, deed, record):
    held = hasty.kajabi.trouble("late", **deed.call, times=1, seconds=PATIENCE)
    card = await approved(hasty, deed.command)
    await hasty.kajabi.until_called(**deed.call, times=2, within=PATIENCE)
    held.release()
    await proved(hasty, deed, card)

    assert deed.calls(hasty) == 2
    record(
        "Kajabi makes the change long after the call was given up, beside the second call",
        "reads back, then tells it as done",
        f"{EACH} 2 calls, 1 effect, told once",
    )


@both_deeds
async def test_a_success_without_the_deed_is_unknown_until_it_is_so(idle, deed, record):
    idle.timing = replace(QUICK, first_look=3600)
    await idle.start()
    lie = idle.kajabi.trouble("forget", **deed.call)
    card = await approved(idle, deed.command)
    await idle.ada.sees("Unknown: nobody can say yet", in_=card, timeout=PATIENCE)
    await idle.olga.sees("Unknown", in_="#alerts")
    await all_told(idle)
    before = claimed(idle, card), deed.calls(idle), deed.effects(idle), endings(idle, card, says="Unknown")
    lie.stop()
    await idle.passes(3601)
    await all_told(idle)
    in_vain = claimed(idle, card), deed.calls(idle)
    made_so_by_hand(idle, deed)
    await idle.passes(6 * 3600)
    await idle.ada.sees("Done, verified", in_=card, timeout=PATIENCE)
    await all_told(idle)

    assert before == ([], 2, (0, 0), (1, 1))
    assert in_vain == ([], 2)
    assert endings(idle, card) == (1, 1)
    assert deed.effects(idle) == (0, 0)
    record(
        "Kajabi answers success, twice, and makes no change",
        "unknown, told to those concerned; looks again by itself and repeats nothing",
        f"{EACH} 2 calls, 0 effects, never told as done before it is so",
    )


def made_so_by_hand(desk, deed):
    """Somebody does it in Kajabi's own pages."""
    offer = next(one for one in desk.kajabi.books.offers.values() if one.title == deed.title)
    if deed is GRANTING:
        desk.kajabi.grant(deed.address, offer)
    else:
        desk.kajabi.revoke(deed.address, offer)


# --- the read-back ---------------------------------------------------------------------------------------------------


@both_deeds
@pytest.mark.parametrize(
    ("seconds", "calls"), [(6, 1), (60, 2)], ids=["shorter than its patience", "longer than its patience"]
)
async def test_a_read_back_that_lags_is_waited_for(unhurried, deed, seconds, calls, record):
    unhurried.kajabi.trouble("lag", **deed.call, times=1, seconds=float(seconds))
    card = await approved(unhurried, deed.command)
    await unhurried.kajabi.until_called(**deed.call, within=PATIENCE)
    for pause in (3, 4, 8, seconds):
        await rested(unhurried)
        assert claimed(unhurried, card) == [] or seconds < 10
        await unhurried.passes(pause)
    await proved(unhurried, deed, card)

    assert deed.calls(unhurried) == calls
    record(
        f"Kajabi shows a change {seconds} seconds after it made it",
        "reads three times over ten seconds" + ("" if calls == 1 else ", then sends it once more"),
        f"{EACH} {calls} call{'s' * (calls > 1)}, 1 effect, told once",
    )


@both_deeds
@pytest.mark.parametrize("fault", ["html", "broken_json", "wrong_shape", "empty", "reset_mid_body", "huge"])
async def test_a_read_back_that_makes_no_sense_is_no_proof_and_is_read_again(desk, deed, fault, record):
    held = desk.kajabi.trouble("held", **deed.call, times=1, done=True)
    card = await approved(desk, deed.command)
    await desk.kajabi.until_called(**deed.call, within=PATIENCE)
    nonsense = desk.kajabi.trouble(fault, **deed.reading, times=3)
    held.release()
    await proved(desk, deed, card)

    assert (nonsense.seen, deed.calls(desk)) == (3, 1)
    record(
        f"The read-back answers {SAYS[fault]}, three times",
        "believes none of it, reads again",
        f"{EACH} 1 call, 1 effect, told once",
    )


SAYS = {
    "html": "a page of HTML with status 200",
    "broken_json": "half a document",
    "wrong_shape": "JSON that is no document",
    "empty": "nothing",
    "reset_mid_body": "with a connection reset within the body",
    "huge": "300 MB",
}


async def test_purchases_of_somebody_else_prove_nothing(idle, record):
    bread = next(one for one in idle.kajabi.books.offers.values() if one.title == "Bread from Scratch")
    deed = replace(REVOKING, address="lena@example.org", title=bread.title)
    command = f"/offer revoke {deed.address} bread from scratch because asked to leave"
    await idle.start()
    card, question = await idle.asks(idle.ada, command)
    held = idle.kajabi.trouble("held", **deed.call, times=1)
    await idle.grace.presses("approve", question)
    await idle.kajabi.until_called(**deed.call, within=PATIENCE)
    stranger = idle.kajabi.trouble("mistaken", method="GET", path="/v1/purchases", times=3, kind="customers")
    held.release()
    await proved(idle, deed, card)

    assert (stranger.seen, deed.calls(idle)) == (3, 1)
    record(
        "The read-back of a revoke answers with the purchases of somebody else, three times",
        "believes none of it, reads again",
        "1 call, 1 effect, told once",
    )


# --- huge ------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not PROC.exists(), reason="a process's memory is read from /proc")
async def test_hundreds_of_megabytes_are_not_read_into_memory(world, record):
    await asked(world)
    before = peak(world.bot.pid)
    floods = [world.kajabi.trouble("huge", method=method, path=GRANTING.path, times=2) for method in ("POST", "GET")]
    _, question = await asked(world, "/offer grant sam@example.com holiday baking because won")
    await world.town.grace.presses("approve", question)
    await told_by_process(world)

    assert [flood.seen for flood in floods] == [1, 2]
    assert peak(world.bot.pid) - before < 60_000
    assert database(world).stat().st_size < 10_000_000
    record(
        "300 MB behind the answers to a grant and to its read-back",
        "stops reading after 5 MB",
        "memory grows by less than 60 MB, 1 effect, told once",
    )


def peak(pid):
    """The most memory that a process ever had, in kilobytes."""
    lines = Path(PROC / str(pid) / "status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))


# --- too many calls --------------------------------------------------------------------------------------------------

#: what stands in Retry-After, and after how many seconds it is tried again at the latest
PAUSES: dict[str, tuple[int | str | None, dict[str, Any], float]] = {
    "nothing": (None, {}, 30),
    "words": ("soon", {}, 30),
    "a negative number": ("-5", {}, 30),
    "a date in the past": ("Wed, 21 Oct 2015 07:28:00 GMT", {}, 30),
    "a date that is none": ("Thu, 99 Foo 2026 99:99:99 GMT", {}, 30),
    "a date years ahead": ("Fri, 31 Dec 2099 23:59:59 GMT", {}, LONGEST_PAUSE),
    "a number of years": (10**9, {}, LONGEST_PAUSE),
    "a number without end": ("9" * 5000, {}, LONGEST_PAUSE),
    "20 seconds, by a clock six hours behind": (20, {"as_date": True, "skew": -21_600.0}, 21),
    "20 seconds, by a clock six hours ahead": (20, {"as_date": True, "skew": 21_600.0}, 21),
}


@pytest.mark.parametrize("says", PAUSES)
async def test_whatever_pause_is_asked_for_it_is_tried_again_neither_at_once_nor_never(idle, says, record):
    retry_after, options, latest = PAUSES[says]
    idle.timing = Timing()
    await idle.start()
    busy = idle.kajabi.trouble("rate_limited", **GRANTING.call, retry_after=retry_after, **options)
    card = await approved(idle, GRANTING.command)
    await idle.ada.sees("I try again by myself, next", in_=card, timeout=PATIENCE)
    await rested(idle)
    at_once = busy.seen
    busy.stop()
    if latest == 21:
        await idle.passes(18)
        await rested(idle)
        assert GRANTING.calls(idle) == 1
    await idle.passes(latest + 1)
    await proved(idle, GRANTING, card)

    assert at_once == 1
    record(
        f"429 with {says} in Retry-After",
        "tries again after its own pause, or after what was asked for, and after 15 minutes at most",
        "1 effect, told once",
    )


@both_deeds
async def test_a_storm_of_429_is_sat_out_without_adding_to_it(unhurried, deed, record):
    card, question = await unhurried.asks(unhurried.ada, deed.command)
    storm = unhurried.kajabi.trouble("rate_limited", path="/v1/*", retry_after=None)
    await unhurried.grace.presses("approve", question)
    await unhurried.ada.sees("I try again by myself, next", in_=card, timeout=PATIENCE)
    for _ in range(10):
        await rested(unhurried)
        await unhurried.passes(120)
    await rested(unhurried)
    during = storm.seen, claimed(unhurried, card), deed.effects(unhurried)
    storm.stop()
    await unhurried.passes(130)
    await proved(unhurried, deed, card)

    assert during[0] <= 20, "it hammers"
    assert during[1:] == ([], (0, 0))
    assert sum("I try again by myself" in line for line in in_thread(card)) == 1
    assert deed.calls(unhurried) == 1
    record(
        "429 to every call for twenty minutes",
        "waits, with growing pauses, and says so once",
        f"{EACH} at most 1 call a minute, 1 effect, told once",
    )


# --- the token -------------------------------------------------------------------------------------------------------


@both_deeds
async def test_a_token_that_is_revoked_before_the_change_is_bought_anew(desk, deed, record):
    desk.kajabi.trouble("expired_token", **deed.call, times=1)
    await carried_out(desk, deed)

    assert [one.status for one in desk.kajabi.called(**deed.call)] == [401, 200]
    record(
        "The token is revoked right before the change",
        "buys a new one: a 401 surely did nothing",
        f"{EACH} 1 effect, told once",
    )


@both_deeds
async def test_a_key_that_is_rotated_before_the_change_ends_it_as_not_done(desk, deed, record):
    card, question = await desk.asks(desk.ada, deed.command)
    desk.kajabi.rotate_key("id", "another secret")
    await desk.grace.presses("approve", question)
    failed = await desk.ada.sees("Failed", in_=card, timeout=PATIENCE)
    await all_told(desk)
    before = failed.plain, claimed(desk, card), deed.effects(desk)
    desk.kajabi.rotate_key("id", "secret")
    await desk.grace.presses("retry", failed)
    await proved(desk, deed, card)

    assert "the API key is not accepted" in before[0]
    assert "nothing was changed" in before[0]
    assert before[1:] == ([], (0, 0))
    record(
        "The API key is rotated between the approval and the change",
        "failed, not done, says which settings; Retry does it",
        f"{EACH} 0 effects, then 1, each ending told once",
    )


@both_deeds
async def test_a_key_that_is_rotated_between_the_change_and_its_read_back_proves_nothing(unhurried, deed, record):
    held = unhurried.kajabi.trouble("held", **deed.call, times=1, done=True)
    card = await approved(unhurried, deed.command)
    await unhurried.kajabi.until_called(**deed.call, within=PATIENCE)
    unhurried.kajabi.rotate_key("id", "another secret")
    held.release()
    line = await unhurried.ada.sees("I try again by myself", in_=card, timeout=PATIENCE)
    await all_told(unhurried)
    before = line.plain, claimed(unhurried, card)
    unhurried.kajabi.rotate_key("id", "secret")
    await unhurried.passes(60)
    await proved(unhurried, deed, card)

    assert "the API key is not accepted" in before[0]
    assert before[1] == []
    assert deed.calls(unhurried) == 1
    assert told(unhurried.ada)
    record(
        "The API key is rotated between the change and its read-back",
        "says that it cannot read, tells nothing as done, reads when the key is right again",
        f"{EACH} 1 call, 1 effect, told once",
    )

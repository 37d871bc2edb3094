"""What time does to a request that waits: whenever it is looked at, each date counts once, and none is forgotten."""

import os
import time
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import lifecycle
from bot.domain.preview import Preview
from bot.domain.request import Action, Case, Change, Choice, Contact, Offer, Person, Request, State
from bot.domain.states import Timing, is_escalation_due, next_date

HOUR, DAY = 3600.0, 86_400.0
NOW = 1_800_000_000.0
TIMING = Timing()
BUNDLE = Offer(provider="kajabi", id="7", title="Bundle")
hours = st.integers(1, 400).map(lambda number: number * HOUR)
dates = st.lists(hours, max_size=5, unique=True).map(sorted).map(tuple)
previews = st.builds(
    Preview,
    approvers=st.just(("UBOB",)),
    expiry=st.none() | hours,
    reminders=dates,
    escalate_to=st.just(("UEVE",)),
    escalate_after=st.none() | hours,
)
waits = st.lists(st.one_of(st.just(0.0), hours, st.integers(1, 10**6).map(float)), min_size=1, max_size=12)
#: days on which clocks are moved, somewhere
ZONES = {
    "America/New_York": ((2026, 3, 8), (2026, 11, 1)),
    "Europe/Berlin": ((2026, 3, 29), (2026, 10, 25)),
    "Australia/Lord_Howe": ((2026, 4, 5), (2026, 10, 4)),
    "Asia/Kathmandu": ((2026, 1, 1),),
}


def shown(preview, now=NOW):
    """A request that waits since now."""
    request = Request(
        id="R-4F7K",
        action=Action.GRANT,
        provider="kajabi",
        state=State.PREPARING,
        requester=Person("T1", "UADA"),
        channel="C1",
        offer=BUNDLE,
        reason="refund",
        created=now - 5,
    )
    contact = Contact(provider="kajabi", address="jane@example.com", id="c-1")
    change = Change(id=1, request_id="R-4F7K", action=Action.GRANT, provider="kajabi", contact=contact, offer_id="7")
    case = Case(request=request, changes=(change,))
    told = {"preview": preview, "fingerprint": "f", "offer": BUNDLE, "contact": contact}
    return lifecycle.prepare(case, **told, timing=TIMING, now=now).case


def looked_at(case, now):
    """Take every step that is due by now; return the case, and what happened."""
    happened = []
    while case.request.due is not None and case.request.due <= now:
        if now >= case.request.expires:
            step = lifecycle.expire(case, now=now)
        elif is_escalation_due(case.request, now):
            step = lifecycle.escalate(case, now=now)
        else:
            step = lifecycle.remind(case, now=now)
        assert step is not None, "due, and nothing to do"
        case = step.case
        happened += [one.name.removeprefix("request.") for one in step.events]
        assert len(happened) == len(set(happened)), f"twice at one moment: {happened}"
    return case, happened


def lived_through(preview, pauses, now=NOW):
    """Look at it again and again; yield the moment, what happened then, and the case."""
    case = shown(preview, now)
    for pause in pauses:
        now += pause
        case, happened = looked_at(case, now)
        yield now, happened, case


@given(previews, waits)
def test_no_date_in_the_past_is_ever_due_again_whenever_it_is_looked_at(preview, pauses):
    for now, _, case in lived_through(preview, pauses):
        assert case.request.due == next_date(case.request) or case.request.state is State.EXPIRED
        assert case.request.due is None or case.request.due > now


@given(previews, waits)
def test_each_date_is_told_once_and_what_was_missed_is_told_at_once(preview, pauses):
    told = [(now, happened) for now, happened, _ in lived_through(preview, pauses)]
    end = next((now for now, happened in told if "expired" in happened), told[-1][0] + 1)
    reminded = [now for now, happened in told if "reminded" in happened]
    escalated = [now for now, happened in told if "escalated" in happened]
    waited = [NOW + after for after in preview.reminders or (TIMING.reminder,)]

    missed = [max((last for last in (NOW, *reminded) if last < now), default=NOW) for now in reminded]
    assert all(any(since < at <= now for at in waited) for since, now in zip(missed, reminded, strict=True))
    assert reminded == sorted(set(reminded))
    looks = [now for now, _ in told if now < end]
    assert all(any(now >= at for now in reminded) for at in waited if looks and at <= looks[-1])
    assert len(escalated) <= 1
    if preview.escalate_after is not None and looks and NOW + preview.escalate_after <= looks[-1]:
        assert escalated == [next(now for now in looks if now >= NOW + preview.escalate_after)]


@given(previews, waits)
def test_after_the_end_nothing_happens_and_it_never_comes_before_its_date(preview, pauses):
    expiry = NOW + (TIMING.expiry if preview.expiry is None else preview.expiry)
    for now, happened, case in lived_through(preview, pauses):
        assert (case.request.state is State.EXPIRED) is (now >= expiry)
        assert "expired" not in happened or happened == ["expired"]
        assert case.request.state is State.PENDING or case.request.due is None


def on_time(preview, now=NOW):
    """Look at it at every date that it has; return what happened, by seconds since it was shown."""
    case, found = shown(preview, now), []
    while case.request.due is not None:
        moment = case.request.due
        case, happened = looked_at(case, moment)
        found += [(moment - now, one) for one in happened]
    return found


@given(previews)
def test_looked_at_in_time_everything_happens_at_its_moment(preview):
    found = on_time(preview)
    expiry = TIMING.expiry if preview.expiry is None else preview.expiry

    assert [at for at, _ in found] == sorted(at for at, _ in found)
    assert [at for at, one in found if one == "reminded"] == [
        at for at in preview.reminders or (TIMING.reminder,) if at < expiry
    ]
    escalations = [at for at, one in found if one == "escalated"]
    assert escalations == [at for at in (preview.escalate_after,) if at is not None and at < expiry]
    assert found[-1] == (expiry, "expired")


@contextmanager
def local_time(zone):
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


@pytest.mark.parametrize("zone", sorted(ZONES))
@given(preview=previews, place=st.integers(0, 1), before=st.integers(0, 400))
def test_hours_are_counted_alike_in_every_zone_and_over_every_change_of_its_clocks(zone, preview, place, before):
    changes = ZONES[zone]
    year, month, day = changes[place % len(changes)]
    moment = datetime(year, month, day, tzinfo=ZoneInfo(zone)).timestamp() - before * HOUR
    with local_time(zone):
        there = on_time(preview, moment)

    assert there == on_time(preview)


@given(previews, waits)
def test_who_decides_before_the_end_ends_the_waiting(preview, pauses):
    for now, _, case in lived_through(preview, pauses):
        if case.request.state is State.PENDING:
            decided = lifecycle.decide(case, Choice.APPROVE, by=Person("T1", "UBOB"), shown=1, now=now).case
            assert decided.request.due is None
            assert lifecycle.remind(decided, now=now + DAY) is None
            assert lifecycle.escalate(decided, now=now + DAY) is None
            assert lifecycle.expire(decided, now=now + 400 * DAY) is None

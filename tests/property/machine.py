"""Requests, people, several processes and a provider, driven at random through the real steps and the real store.

An attempt is what one process holds in its hands; it may be frozen between any two of its actions while others go
on, and it may act on what it knew long ago. `guards` names what the steps are allowed to check: a test takes one
away and the properties must fail.
"""

import asyncio
import contextlib
import random
import shutil
import tempfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.authority import shown_terms
from bot.domain import approvals, attempt, editing, lifecycle
from bot.domain.errors import Refusal
from bot.domain.notices import Notices
from bot.domain.policy import tally_all
from bot.domain.preview import Preview
from bot.domain.request import Action, Case, ChangeState, Choice, Offer, Person, State, Submission
from bot.domain.states import NEXT, Timing
from bot.domain.term import DAY, Term
from bot.store import open_archive, open_store

ADA, GRACE, LINUS = (Person("T1", name) for name in ("UADA", "UGRACE", "ULINUS"))
OFFER = Offer(provider="kajabi", id="7", title="Bundle", price=19900, currency="USD")
TIMING = Timing(reminder=3600, expiry=7200)
LEASE = 30.0
EVERY_GUARD = frozenset({"version", "attempts", "sent", "self-approval", "editors", "unless-edited", "quorum"})
#: what the provider did with a call, and what the caller will hear
DONE_CONFIRMED, DONE_LOST, REFUSED, NOT_NOW, LOST = "done", "done, unheard", "refused", "not now", "nothing, unheard"
OUTCOMES = [DONE_CONFIRMED, DONE_LOST, DONE_LOST, REFUSED, NOT_NOW, LOST]
DEEDS = ["claims", "sends", "sends", "calls", "calls", "hears", "reads", "reads", "finds_the_world_changed"]
DEEDS += ["looks_up", "shows", "finds_it_so"]
#: longer than any example lasts
MONTH = Term(days=30)


class First:
    """Chooses the first of what there is, where nothing is left to chance."""

    def draw(self, strategy):
        return strategy.elements[0]


FIRST = First()


@dataclass
class Attempt:
    """One process at work on one change."""

    request: str
    change: int
    number: int
    deadline: float
    sent: bool = False
    again: bool = False
    called: str | None = None


class Machine(RuleBasedStateMachine):
    guards = EVERY_GUARD
    repeatable = True
    quorum = 1

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp())
        self.url = f"sqlite:///{self.folder / 'o.db'}"
        self.now = 1000.0
        #: what the provider has: the contact, and the offer in its hands
        self.world = {Action.CREATE: False, Action.GRANT: False}
        self.ids: list[str] = []
        self.attempts: list[Attempt] = []
        self.clicks: dict[tuple[str, str, int], int] = {}
        self.done: dict[tuple[str, int], int] = {}
        self.states: dict[str, tuple[State, int]] = {}
        #: what processes have read that are about to show it, perhaps long ago
        self.previews: list[Case] = []
        #: who has changed which version, and what each version that was approved asked for
        self.edits: list[tuple[str, str, int]] = []
        self.approved: dict[tuple[str, int], str] = {}

    def run(self, awaitable):
        return self.loop.run_until_complete(awaitable)

    @initialize(who=st.sampled_from([ADA, GRACE]), term=st.sampled_from([None, MONTH]))
    def begins(self, who, term=None):
        self.opened = open_store(self.url, notices=Notices(), clock=lambda: self.now, randomness=random.Random(1))
        self.store = self.run(self.opened.__aenter__())
        self.submits(who, term=term)

    def teardown(self):
        if hasattr(self, "store"):
            self.run(self.opened.__aexit__(None, None, None))
            with open_archive(self.url) as archive:
                assert archive.verify().broken is None
        self.loop.close()
        shutil.rmtree(self.folder)

    def case(self, request_id):
        return self.run(self.store.case(request_id))

    def step(self, request_id, take, *, sending=False):
        return self.run((self.store.send if sending else self.store.step)(request_id, take))

    @property
    def preview(self):
        return Preview(rule="any", approvers=tuple(one.id for one in (ADA, GRACE, LINUS)), quorum=self.quorum)

    def count(self, case):
        if "quorum" not in self.guards:
            return approvals.one_is_enough(case)
        ids = [one.by.id for one in case.approvals]
        return tally_all([shown_terms(case.request)], ids, requester=case.request.requester.id, members={})

    # --- people -----------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.ids) < 2)
    @rule(
        who=st.sampled_from([ADA, ADA, GRACE]),
        name=st.sampled_from(["", "Jane"]),
        term=st.sampled_from([None, MONTH]),
    )
    def submits(self, who, name="", term=None):
        submission = Submission(
            action=Action.GRANT,
            provider="kajabi",
            requester=who,
            channel="C1",
            address="jane@example.com",
            offer_id="7",
            reason="why",
            key=f"V{len(self.ids)}",
            name=name,
            term=term,
        )
        case = self.run(self.store.submit(submission, offer=OFFER, now=self.now))
        self.ids.append(case.request.id)
        self.prepare()

    def prepare(self):
        self.looks_up(None)
        while self.previews:
            self.shows(FIRST)

    def moves(self, case):
        """The end that stands, as whoever approves is shown it."""
        end = self.run(self.store.end_of(case.main.contact, "7"))
        return () if end is None else (end.id, end.planned)

    def looks_up(self, _):
        claimed = self.run(self.store.claim_requests(now=self.now, lease=LEASE, limit=9))
        self.previews += [case for case in claimed if case.request.state is State.PREPARING]

    def shows(self, data):
        """A process shows what it has found out, whatever happened meanwhile."""
        if not self.previews:
            return
        case = data.draw(st.sampled_from(self.previews))
        self.previews.remove(case)
        step = partial(
            lifecycle.prepare,
            preview=replace(self.preview, moves=self.moves(case)),
            fingerprint=f"of {case.request.reason}",
            offer=OFFER,
            contact=None,
            timing=TIMING,
            now=self.now,
        )
        if "unless-edited" in self.guards:
            step = partial(editing.unless_edited, step=step, version=case.request.version)
        self.step(case.request.id, step)

    @precondition(lambda self: self.ids)
    @rule(
        data=st.data(),
        who=st.sampled_from([ADA, GRACE, LINUS]),
        back=st.sampled_from([0, 0, 0, 1]),
        shown=st.booleans(),
    )
    def edits_it(self, data, who, back, *, shown=True):
        """Somebody changes what is asked, from the version that they were shown; the preview comes soon, or late."""
        request_id = data.draw(st.sampled_from(self.ids))
        case = self.case(request_id)
        version = max(case.request.version - back, 1)
        asked = Submission(
            action=Action.GRANT,
            provider="kajabi",
            requester=case.request.requester,
            channel="C1",
            address="jane@example.com",
            offer_id="7",
            reason=f"why {len(self.edits)}",
            key=request_id,
            name=case.creation.contact.name if case.creation else "",
            term=case.request.term,
        )

        def take(found, contact):
            return editing.edit(found, asked, offer=OFFER, contact=contact, by=who, shown=version, now=self.now)

        with contextlib.suppress(Refusal):
            if self.run(self.store.edit(request_id, take, address="jane@example.com")) is not None:
                self.edits.append((request_id, who.id, version))
        if shown:
            self.prepare()

    @precondition(lambda self: self.ids)
    @rule(
        data=st.data(), who=st.sampled_from([ADA, GRACE, LINUS]), back=st.sampled_from([0, 0, 0, 1]),
        choice=st.sampled_from([Choice.APPROVE, Choice.APPROVE, Choice.APPROVE, Choice.DENY]),
    )  # fmt: skip
    def decides(self, data, who, back, choice):
        """Somebody presses a button of the newest version they were shown, or of the one before."""
        request_id = data.draw(st.sampled_from(self.ids))
        shown = max(self.case(request_id).request.version - back, 1)

        def take(case):
            clicked = case.request.version if "version" not in self.guards else shown
            real = case.request
            if "self-approval" not in self.guards:
                case = replace(case, request=replace(real, requester=Person("T1", "UNOBODY")))
            if "editors" not in self.guards:
                case = replace(case, request=replace(case.request, editors=()))
            step = lifecycle.decide(case, choice, by=who, shown=clicked, now=self.now, count=self.count)
            request = replace(step.case.request, requester=real.requester, editors=real.editors)
            return replace(step, case=replace(step.case, request=request))

        try:
            if self.step(request_id, take) is not None:
                request = self.case(request_id).request
                self.clicks[request_id, who.id, request.version] = shown
                self.approved[request_id, request.version] = request.reason
        except Refusal:
            pass

    @precondition(lambda self: self.ids and self.quorum > 1)
    @rule(data=st.data(), who=st.sampled_from([GRACE, LINUS]))
    def withdraws(self, data, who):
        request_id = data.draw(st.sampled_from(self.ids))
        shown = self.case(request_id).request.version
        take = partial(approvals.withdraw, by=who, shown=shown, count=self.count, now=self.now)
        with contextlib.suppress(Refusal):
            self.step(request_id, take)

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), who=st.sampled_from([ADA, GRACE]), what=st.sampled_from(["cancel", "retry", "settle"]))
    def intervenes(self, data, who, what):
        request_id = data.draw(st.sampled_from(self.ids))
        done = self.settled_truly(request_id)
        steps = {
            "cancel": partial(lifecycle.cancel, by=who, now=self.now),
            "retry": partial(lifecycle.retry, by=who, now=self.now),
            "settle": partial(lifecycle.settle, by=who, done=done, now=self.now, note="looked"),
        }
        with contextlib.suppress(Refusal):
            self.step(request_id, steps[what])

    @rule(seconds=st.sampled_from([1.0, 31.0, 31.0, 31.0, 4000.0]))
    def time_passes(self, seconds):
        self.now += seconds
        for case in self.run(self.store.claim_requests(now=self.now, lease=LEASE, limit=9)):
            if case.request.state is State.PREPARING:
                self.previews.append(case)
                continue
            late = case.request.expires is not None and self.now >= case.request.expires
            self.step(case.request.id, partial(lifecycle.expire if late else lifecycle.remind, now=self.now))

    def settled_truly(self, request_id):
        """What a person finds who looks: they settle all that is unknown alike."""
        case = self.case(request_id)
        unknown = [change.action for change in case.changes if change.state is ChangeState.UNKNOWN]
        return bool(unknown) and all(self.world[action] for action in unknown)

    # --- processes --------------------------------------------------------------------------------------------

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), deeds=st.lists(st.sampled_from(DEEDS), min_size=1, max_size=6))
    def processes_work(self, data, deeds):
        """Several things in a row, in any order: most orders a careful process would never choose."""
        for deed in deeds:
            getattr(self, deed)(data)

    def claims(self, _):
        for change in self.run(self.store.claim_changes(now=self.now, lease=LEASE, limit=9)):
            deadline = self.now + LEASE * 0.8
            self.attempts.append(Attempt(change.request_id, change.id, change.attempts, deadline))

    def sends(self, data):
        if not self.attempts:
            return
        one = data.draw(st.sampled_from(self.attempts))

        def take(case):
            forged = case
            if "sent" not in self.guards:
                forged = replace(
                    case, changes=tuple(replace(c, sent=None) if c.id == one.change else c for c in case.changes)
                )
            number = forged.change(one.change).attempts if "attempts" not in self.guards else one.number
            return attempt.send(forged, one.change, attempt=number, now=self.now)

        one.sent = one.sent or self.step(one.request, take, sending=True) is not None

    def calls(self, data):
        ready = [one for one in self.attempts if one.sent and one.called is None and self.now < one.deadline]
        if not ready:
            return
        one = data.draw(st.sampled_from(ready))
        one.called = outcome = data.draw(st.sampled_from(OUTCOMES))
        if outcome in {DONE_CONFIRMED, DONE_LOST}:
            self.world[self.case(one.request).change(one.change).action] = True
            self.done[one.request, one.change] = self.done.get((one.request, one.change), 0) + 1

    def hears(self, data):
        """The answer of a call arrives, perhaps long after somebody else has taken the change over."""
        waiting = [one for one in self.attempts if one.called]
        if not waiting:
            return
        one = data.draw(st.sampled_from(waiting))
        outcome, one.called, one.sent = one.called, None, False
        at = {"change_id": one.change, "now": self.now}

        def take(case):
            change = case.change(one.change)
            number = change.attempts if "attempts" not in self.guards else one.number
            again = one.again
            if outcome == DONE_CONFIRMED:
                return attempt.confirm(case, attempt=number, receipt="200", **at)
            if outcome == REFUSED and not again:
                return attempt.finish(case, attempt=number, to=ChangeState.FAILED, code="422", **at)
            if outcome == NOT_NOW:
                return attempt.wait(
                    case, attempt=number, timing=TIMING, until=self.now, code="429", undone=not again, **at
                )
            return attempt.wait(case, attempt=number, timing=TIMING, until=self.now, code="lost", **at)

        self.step(one.request, take)

    def reads(self, data):
        """Whoever holds a sent change looks whether it took effect, and goes by what it sees."""
        if not self.attempts:
            return
        one = data.draw(st.sampled_from(self.attempts))
        change = self.case(one.request).change(one.change)
        number = change.attempts if "attempts" not in self.guards else one.number
        if change.sent is None or not change.open:
            return
        at = {"change_id": one.change, "attempt": number, "now": self.now}
        if self.world[change.action]:
            self.step(one.request, partial(attempt.finish, to=ChangeState.SUCCEEDED, **at))
        elif change.state is ChangeState.TODO and change.reads < 2:
            self.step(one.request, partial(attempt.wait, timing=TIMING, until=self.now, code="", read=True, **at))
        elif change.state is ChangeState.TODO and change.resent is None and self.repeatable:
            if self.step(one.request, partial(attempt.send_again, **at)) is not None:
                one.sent, one.again, one.called = True, True, None
        else:
            self.step(one.request, partial(attempt.finish, to=ChangeState.UNKNOWN, look_again=self.now + 60, **at))

    def finds_it_so(self, data):
        """Whoever is about to send finds that nothing has to be sent."""
        unsent = [one for one in self.attempts if not one.sent]
        if not unsent:
            return
        one = data.draw(st.sampled_from(unsent))
        change = self.case(one.request).change(one.change)
        if self.world[change.action] and change.sent is None and change.action is Action.GRANT:
            at = {"change_id": one.change, "attempt": one.number, "now": self.now}
            self.step(one.request, partial(attempt.finish, to=ChangeState.UNNEEDED, **at))

    def finds_the_world_changed(self, data):
        if not self.attempts:
            return
        one = data.draw(st.sampled_from(self.attempts))
        request = self.case(one.request).request
        step = partial(
            attempt.drift,
            change_id=one.change,
            attempt=one.number,
            preview=self.preview,
            fingerprint=f"of {request.reason}",
            offer=OFFER,
            why="WorldChanged",
            timing=TIMING,
            now=self.now,
        )
        self.step(one.request, step)

    @precondition(lambda self: self.attempts)
    @rule()
    def everybody_crashes(self):
        self.attempts.clear()

    # --- what must hold ---------------------------------------------------------------------------------------

    @invariant()
    def nothing_is_brought_about_twice(self):
        for (request_id, change_id), times in self.done.items():
            resent = self.case(request_id).change(change_id).resent is not None
            allowed = 2 if self.repeatable and resent else 1
            assert times <= allowed, "a second effect"

    @invariant()
    def what_is_told_is_true(self):
        for request_id in self.ids:
            case = self.case(request_id)
            if case.request.state is State.SUCCEEDED:
                assert self.world[Action.GRANT], "told as done, and it is not so"
            if case.request.state in {State.FAILED, State.DENIED, State.EXPIRED} or (
                case.request.state is State.CANCELLED and case.creation is None
            ):
                assert not self.done.get((request_id, case.main.id)), "told as not done, and it was"

    @invariant()
    def what_was_granted_for_a_time_has_one_end_and_nothing_else_has_any(self):
        assert len(self.run(self.store.ending(until=self.now + 60 * DAY, requester=None, limit=9))) <= 1, "two ends"
        for case in (self.case(one) for one in self.ids):
            timed = case.request.term is not None
            if timed and case.main.state is ChangeState.SUCCEEDED:
                assert case.end is not None, "no end"
            elif not (timed and case.main.state is ChangeState.UNNEEDED and case.request.preview.get("moves")):
                assert case.end is None, "an end of nothing"

    @invariant()
    def nobody_decides_on_their_own_request(self):
        for request_id in self.ids:
            case = self.case(request_id)
            assert all(one.by.id != case.request.requester.id for one in case.decisions), "self-approval"

    @invariant()
    def nobody_decides_on_what_they_have_changed(self):
        for request_id, who, version in self.edits:
            later = [one for one in self.case(request_id).decisions if one.version > version]
            assert all(one.by.id != who for one in later), "an editor decided"

    @invariant()
    def what_is_shown_is_what_is_asked(self):
        for request_id in self.ids:
            request = self.case(request_id).request
            if request.state is State.PENDING:
                assert request.fingerprint == f"of {request.reason}", "an older preview"

    @invariant()
    def what_is_sent_is_what_was_approved(self):
        for request_id in self.ids:
            case = self.case(request_id)
            if any(change.sent is not None and change.open for change in case.changes):
                assert self.approved[request_id, case.request.version] == case.request.reason, "something else"

    @invariant()
    def a_decision_is_for_the_version_that_was_clicked(self):
        for request_id in self.ids:
            for one in self.case(request_id).decisions:
                assert self.clicks.get((request_id, one.by.id, one.version)) == one.version, "another version"

    @invariant()
    def nothing_is_sent_without_an_approval_of_the_version_that_stands(self):
        for request_id in self.ids:
            case = self.case(request_id)
            if any(change.sent is not None and change.open for change in case.changes):
                assert case.verdict is not None
                assert case.verdict.choice is Choice.APPROVE

    @invariant()
    def nothing_is_approved_or_sent_by_fewer_people_than_were_asked_for(self):
        for request_id in self.ids:
            case = self.case(request_id)
            people = {one.by.id for one in case.approvals}
            assert len(people) == len(case.approvals), "one person counted twice"
            sent = any(change.sent is not None and change.open for change in case.changes)
            approved = case.verdict is not None and case.verdict.choice is Choice.APPROVE
            assert len(people) >= self.quorum or not (sent or approved), "too few approvals"

    @invariant()
    def every_state_is_reached_by_the_table_and_told_by_an_event(self):
        for request_id in self.ids:
            state = self.case(request_id).request.state
            events = len(self.run(self.store.history(request_id)))
            before, seen = self.states.get(request_id, (State.PREPARING, 0))
            if state is not before:
                assert events > seen, "a state without its event"
                assert _reachable(before, state, events - seen), "a state outside the table"
            self.states[request_id] = (state, events)


def _reachable(start, end, steps):
    reached = {start}
    for _ in range(steps + 1):
        if end in reached:
            return True
        reached |= {after for state in reached for after in NEXT[state]}
    return end in reached

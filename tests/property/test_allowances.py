"""Racing requests, in two processes on one database: no order of things goes over a quota or a budget."""

import asyncio
import contextlib
import random
import shutil
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain import attempt, lifecycle
from bot.domain.errors import Overdrawn, Refusal
from bot.domain.notices import Notices
from bot.domain.policy import Cap, Scope
from bot.domain.preview import Preview
from bot.domain.request import Action, ChangeState, Choice, Offer, Person, State, Submission
from bot.domain.spending import spending, summed, with_room
from bot.domain.states import Timing
from bot.store import open_store

ADA, GRACE = Person("T1", "UADA"), Person("T1", "UGRACE")
OFFER = Offer(provider="kajabi", id="7", title="Bundle", price=100, currency="USD")
DAY = 86_400.0
QUOTA, BUDGET = 2, 300
SENT = [ChangeState.SUCCEEDED, ChangeState.FAILED, ChangeState.FAILED, ChangeState.UNKNOWN, ChangeState.UNNEEDED]
OPEN = {State.PREPARING, State.PENDING}


class Race(RuleBasedStateMachine):
    """Two processes: each has looked long ago what is left, and acts on that."""

    guarded = True

    def __init__(self):
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = Path(tempfile.mkdtemp())
        self.now = 100 * DAY
        self.ids = []
        #: whether a request was ever seen to take something more than it had before
        self.had = {}

    def run(self, awaitable):
        return self.loop.run_until_complete(awaitable)

    @initialize()
    def begins(self):
        url, seed = f"sqlite:///{self.folder / 'o.db'}", partial(random.Random, 1)
        opened = [open_store(url, notices=Notices(), clock=lambda: self.now, randomness=seed()) for _ in range(2)]
        self.opened = opened
        self.stores = [self.run(one.__aenter__()) for one in opened]

    def teardown(self):
        if hasattr(self, "stores"):
            for one in self.opened:
                self.run(one.__aexit__(None, None, None))
        self.loop.close()
        shutil.rmtree(self.folder)

    def quota(self, at):
        return Scope(requesters=frozenset({ADA.id}), since=at - DAY, rule="small")

    def budget(self):
        return Scope(requesters=frozenset({ADA.id}), since=0.0)

    @property
    def caps(self):
        found = (
            Cap(scope=self.quota(self.now), requests=QUOTA),
            Cap(scope=self.budget(), value=BUDGET, currency="USD"),
        )
        return found if self.guarded else ()

    def case(self, request_id):
        return self.run(self.stores[0].case(request_id))

    @precondition(lambda self: len(self.ids) < 6)
    @rule(data=st.data())
    def asks(self, data):
        store = data.draw(st.sampled_from(self.stores))
        submission = Submission(
            action=Action.GRANT,
            provider="kajabi",
            requester=ADA,
            channel="C1",
            address=f"jane{len(self.ids)}@example.com",
            offer_id="7",
            reason="why",
            key=f"V{len(self.ids)}",
        )
        self.ids.append(self.run(store.submit(submission, offer=OFFER, now=self.now)).request.id)

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), together=st.booleans())
    def decides(self, data, together):
        """One or all are decided on, by the policy or by people, as if there were room."""
        chosen = list(self.ids) if together else [data.draw(st.sampled_from(self.ids))]
        drawn = [
            (one, data.draw(st.sampled_from(self.stores)), data.draw(st.sampled_from(["", "", "requests"])))
            for one in chosen
        ]
        works = []
        for request_id, store, against in drawn:
            case = self.case(request_id)
            if case.request.state is State.PREPARING:
                preview = Preview(rule="small", automatic={"against": against})
                step: Any = partial(
                    lifecycle.prepare, preview=preview, fingerprint="f", offer=OFFER, contact=None, timing=Timing(),
                    now=self.now, within=self.caps,
                )  # fmt: skip
            elif case.request.state is State.PENDING:
                step = partial(
                    lifecycle.decide, choice=Choice.APPROVE, by=GRACE, shown=case.request.version,
                    now=self.now, within=self.caps[1:],
                )  # fmt: skip
            else:
                continue
            works.append(store.step(request_id, step))
        outcomes = self.run(self.all(works))
        assert all(isinstance(one, Overdrawn | Refusal) or not isinstance(one, Exception) for one in outcomes)

    @staticmethod
    async def all(works):
        return await asyncio.gather(*works, return_exceptions=True)

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), to=st.sampled_from(SENT))
    def carries_out(self, data, to):
        request_id, store = data.draw(st.sampled_from(self.ids)), data.draw(st.sampled_from(self.stores))
        case = self.case(request_id)
        if case.main.state is ChangeState.UNKNOWN and to is ChangeState.UNNEEDED:
            return  # what was sent is found to be so or not: that it was not needed nobody could tell
        if case.main.sent is None and case.request.preview.get("overdrawn"):
            return  # it is asked anew instead
        at = {"change_id": case.main.id, "attempt": case.main.attempts, "now": self.now}
        if case.main.sent is None:
            self.run(store.send(request_id, partial(attempt.send, **at)))
        with contextlib.suppress(Refusal):
            self.run(store.step(request_id, partial(attempt.finish, to=to, **at)))

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), what=st.sampled_from(["cancel", "retry", "drift", "settle"]))
    def intervenes(self, data, what):
        request_id, store = data.draw(st.sampled_from(self.ids)), data.draw(st.sampled_from(self.stores))
        case = self.case(request_id)

        def retry(found, *, room):
            step = lifecycle.retry(found, by=ADA, now=self.now)
            caps = self.caps if found.request.preview.get("automatic") == {"against": ""} else self.caps[1:]
            return with_room(step, found, caps, found=room)

        steps = {
            "cancel": partial(lifecycle.cancel, by=ADA, now=self.now),
            "settle": partial(lifecycle.settle, by=GRACE, done=False, now=self.now),
            "retry": partial(retry, room=True),
            "drift": partial(
                attempt.drift, change_id=case.main.id, attempt=case.main.attempts, preview=Preview(rule="small"),
                fingerprint="g", offer=OFFER, why="x", timing=Timing(), now=self.now,
            ),
        }  # fmt: skip
        with contextlib.suppress(Refusal):
            try:
                self.run(store.step(request_id, steps[what]))
            except Overdrawn:
                self.run(store.step(request_id, partial(retry, room=False)))

    @rule(seconds=st.sampled_from([1.0, DAY / 2, DAY]))
    def time_passes(self, seconds):
        self.now += seconds

    @invariant()
    def nothing_is_gone_over(self):
        """Neither the quota in any window, nor the budget."""
        if not self.ids:
            return
        assert self.run(self.stores[0].used(self.budget())).value("USD") <= BUDGET, "over the budget"
        assert self.run(self.stores[1].used(self.quota(self.now))).requests <= QUOTA, "over the quota"

    @invariant()
    def what_is_on_disk_is_what_the_requests_say(self):
        """Each request that counts is there once, each other one is not: taken once, given back once."""
        cases = [self.case(one) for one in self.ids]
        taken = [found for case in cases if (found := spending(case)) is not None]
        for scope in (self.budget(), replace(self.budget(), rule="small")):
            used = self.run(self.stores[0].used(scope)) if self.ids else summed([], scope)
            assert used == summed([(self.now, one) for one in taken], scope), "not what the requests say"


TestRace = Race.TestCase
TestRace.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)


def test_without_looking_in_the_same_transaction_the_quota_would_be_gone_over():
    machine = type("Unguarded", (Race,), {"guarded": False})()
    machine.begins()
    faults = []
    try:
        for _ in range(QUOTA + 1):
            machine.asks(First())
        machine.decides(First(), together=True)
        machine.nothing_is_gone_over()
    except AssertionError as fault:
        faults.append(str(fault).splitlines()[0])
    finally:
        machine.teardown()

    assert faults == ["over the quota"]


class First:
    """Chooses the first of what there is."""

    def draw(self, strategy):
        return strategy.elements[0]

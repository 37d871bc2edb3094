"""Killed at every step: SIGKILL before, inside the commit of, and after every call of the store, Kajabi and Slack.

For grants and revokes, over signed HTTP and Socket Mode. The bot is started again, people who got no answer try again,
and then everything is counted: effects at Kajabi, endings told, messages owed, the audit, what is left due.

Each point is hit in one way, so that both actions and both transports take turns, in a story that chance (of a fixed
seed) chooses among those that reach it; lists, what is granted for a time and Capillary are hit where it matters most.
`KILLS=all`: each point in all four ways, in several stories or at several times, and the stories of lists, of limited
times and of Capillary at each point that they come by.
"""

import asyncio
import os
import random
from collections import Counter
from itertools import product

import pytest

from tests.faults import points
from tests.faults.plays import told
from tests.faults.stories import LISTS, LOYAL, STORIES, TIMED

ALL = os.environ.get("KILLS") == "all"
SEED = 1711
TRANSPORTS = ("http", "socket")
WAYS = tuple(product(("grant", "revoke"), TRANSPORTS))
PHASES = ("before", "commit", "after")
#: where a message stands in Slack, and nobody knows
UNRECORDED = ("courier._attempt/messenger.deliver:after", "courier._record/store.delivered:commit")
#: the thread, the approver and the requester: in each of them one message is in the air at a time
PLACES = 3
#: where the policy approves by itself, and where a budget turns out to be spent
RULED = {"by_itself": "preparer.prepare/store.step#1", "overtaken": "service._step/store.step#2"}
#: where rows of a list are sent, written down and read, and where its files are given
OF_LISTS = (
    "executor._send/store.send:commit",
    "executor._send/store.send:after",
    "executor._call/provider.write:before",
    "executor._call/provider.write:after",
    "executor._confirm/store.step:commit",
    "executor._finish/store.step:commit",
    "courier._attempt/messenger.deliver:after",
    "courier._record/store.delivered:commit",
)
#: where an end is announced, moved, given up, begun and finished
OF_ENDS = (
    "timekeeper.keep/store.step:commit",
    "timekeeper.keep/store.step:after",
    "service.submit/store.submit:commit",
    "engine.queues._changes/store.claim_changes:commit",
    "executor._send/store.send:commit",
    "executor._call/provider.write:before",
    "executor._call/provider.write:after",
    "executor._finish/store.step:commit",
)
#: before, between and after the steps of a change, and where several are told of in one answer
OF_CAPILLARY = (
    "executor._send/store.send:after#1",
    "executor._send/store.send:before#2",
    "executor._send/store.send:after#2",
    "executor._call/provider.write:before#1",
    "executor._call/provider.write:after#1",
    "executor._confirm/store.step:commit",
    "executor._look/provider.read:after",
    "executor._finish/store.step:commit",
)
#: how often a point is tried in each way
MOST = 4
#: how many towns there are at once
TOWNS = 6
#: stories that take longer, and are hit at all of their points by themselves
SPECIAL = {*LISTS, *TIMED, *LOYAL}
#: where each story has been: how often it came to each point
REACHED: dict[tuple[str, str], Counter[str]] = {}


async def reached():
    """Play every story once, without a kill."""
    if not REACHED:
        plays = [(name, action) for name, story in STORIES.items() for action in story.actions]
        diaries = await together(told(name, action=action, transport="http") for name, action in plays)
        for play, diary in zip(plays, diaries, strict=True):
            assert diary.kills == 0
            REACHED[play] = Counter(point.partition("#")[0] for point in diary.points)
    return REACHED


async def together(plays):
    """Play them, some at once, all to their end."""
    doors = asyncio.Semaphore(TOWNS)

    async def one(play):
        async with doors:
            return await play

    results = await asyncio.gather(*map(one, plays), return_exceptions=True)
    if failed := [one for one in results if isinstance(one, Exception)]:
        raise ExceptionGroup("not everything is as it should be", failed)
    return results


async def killed(point, action, transport):
    """Kill at a point, in stories that reach it, the plain ones first; return how often that was done."""
    where = {name: times[point] for (name, one), times in REACHED.items() if one == action and times[point]}
    where = {name: times for name, times in where.items() if name not in SPECIAL} or where
    candidates = [(name, number) for name, times in where.items() for number in range(1, times + 1)]
    random.Random(f"{SEED} {point} {action} {transport}").shuffle(candidates)
    kills = 0
    for name, number in candidates[:MOST] if ALL else (candidates * MOST)[:MOST]:
        kills += (await told(name, action=action, transport=transport, fatal=f"{point}#{number}")).kills
        if kills and not ALL:
            break
    assert kills or not candidates, f"{point} was not reached again"
    return kills


def ways(point, number):
    """Choose in which way the so-manieth point is hit; or all."""
    found = [way for way in WAYS if any(times[point] for (_, action), times in REACHED.items() if action == way[0])]
    return found if ALL else [found[number % len(found)]]


async def killed_in(stories, chosen, *, last=False):
    """Kill at the chosen points, in those of the stories that reach them, in turn; return how often that was done.

    `last`: when they come by it for the last time. `KILLS=all`: at each point of each story.
    """
    await reached()
    known = {play: times for play, times in REACHED.items() if play[0] in stories}
    if ALL:
        chosen = sorted({point for times in known.values() for point in times} | set(chosen))
    plays = []
    for turn, (point, _, wanted) in enumerate(one.partition("#") for one in chosen):
        by = [play for play, times in known.items() if times[point] >= int(wanted or 1)]
        assert by, f"no story reaches {point}"
        for way, (name, action) in enumerate(by if ALL else [by[turn % len(by)]], start=turn):
            times = known[name, action][point]
            number = int(wanted) if wanted else times if last else random.Random(f"{SEED} {point}").randint(1, times)
            plays.append(struck(name, action, TRANSPORTS[way % 2], point, number))
    return sum(await together(plays))


async def struck(name, action, transport, point, number):
    """Kill there; where it is not reached as often as without a kill, at an earlier time."""
    for fatal in range(number, 0, -1):
        if kills := (await told(name, action=action, transport=transport, fatal=f"{point}#{fatal}")).kills:
            return kills
    raise AssertionError(f"{point} was not reached again in {name}")


@pytest.mark.parametrize("call", points.listed())
async def test_a_kill_changes_nothing_about_what_is_done_and_told(call, record):
    await reached()
    found = {f"{call}:{phase}" for phase in PHASES} & {point for times in REACHED.values() for point in times}
    assert f"{call}:before" in found, "no story reaches it"
    turn = points.listed().index(call)
    plays = [killed(point, *way) for number, point in enumerate(sorted(found), turn) for way in ways(point, number)]
    counted = await together(plays)
    record(
        f"SIGKILL at {call}",
        "goes on where it was after the restart",
        f"{sum(counted)} kills: each change made once, each ending told once, nothing owed, the audit whole",
        sized=True,
    )


async def test_without_a_history_to_look_into_the_message_just_posted_may_stand_twice_and_no_other(record):
    taken = list(product(UNRECORDED, range(1, 8)))
    plays = [(*one, way) for turn, one in enumerate(taken) for way in (WAYS if ALL else [WAYS[turn % len(WAYS)]])]
    seen = await together(
        told("approval", action=way[0], transport=way[1], fatal=f"{point}#{number}", history=False)
        for point, number, way in plays
    )
    assert {one.kills for one in seen} == {1}
    assert 0 < max(one.copies for one in seen) <= PLACES
    record(
        "SIGKILL after Slack took messages and before that is on disk, without the optional history scopes",
        "shows what was in the air again, since nobody may look for it",
        f"{len(seen)} kills: at most one message a place twice, all others once; each change made once",
        sized=True,
    )


async def test_what_the_policy_approves_stays_within_its_quota_and_its_budget(record):
    plays = list(enumerate(product(RULED.items(), PHASES)))
    seen = await together(
        told(story, action="grant", transport=transport, fatal=point.replace("#", f":{phase}#"))
        for turn, ((story, point), phase) in plays
        for transport in (TRANSPORTS if ALL else [TRANSPORTS[turn % 2]])
    )
    assert {one.kills for one in seen} == {1}
    record(
        "SIGKILL while the policy approves by itself, or while what is left of a budget is not enough",
        "approves no more than there is room for, and asks people about the rest",
        f"{len(seen)} kills: each change made once, what is taken of quotas and budgets as it is told",
        sized=True,
    )


async def test_a_list_is_carried_out_for_everybody_once_wherever_it_is_killed(record):
    kills = await killed_in(LISTS, OF_LISTS)
    record(
        "SIGKILL while the rows of a list are sent, written down and read back, and while its files are given",
        "goes on with the rows that are left, after the restart; what is held, taken back or tried again stays so",
        f"{kills} kills: each row done once, the whole told once, each file given once",
        sized=True,
    )


async def test_what_is_granted_for_a_time_ends_once_wherever_it_is_killed(record):
    kills = await killed_in(TIMED, OF_ENDS, last=True)
    record(
        "SIGKILL while an end is announced, put off, given up, carried out, or tried again",
        "comes at the time that was approved last, and leaves what a later approval gives",
        f"{kills} kills: each end carried out once or given up once, and told once",
        sized=True,
    )


async def test_the_steps_at_capillary_are_each_taken_once_wherever_it_is_killed(record):
    kills = await killed_in(LOYAL, OF_CAPILLARY)
    record(
        "SIGKILL before, between and after the two steps of a grant or a revoke at Capillary, for one and for several",
        "reads before it goes on; a grant of which reading tells nothing is unknown, and is settled by a person",
        f"{kills} kills: each promotion issued and revoked once, by its id; never told as done before it is so",
        sized=True,
    )


async def test_every_point_that_is_reached_has_a_name():
    await reached()
    named = {f"{call}:{phase}" for call in points.everything() for phase in PHASES}
    assert {point for times in REACHED.values() for point in times} <= named


def test_every_call_has_a_name_of_its_own():
    assert len(set(points.everything())) == len(points.everything())
    assert set(points.everything()) >= set(points.ELSEWHERE)


def test_whoever_uses_a_port_is_watched_or_has_a_reason_not_to_be():
    assert points.users() <= set(points.WATCHED) | set(points.UNWATCHED)

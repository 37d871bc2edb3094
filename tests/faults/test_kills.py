"""Killed at every step: SIGKILL before, inside the commit of, and after every call of the store, Kajabi and Slack.

For grants and revokes, over signed HTTP and Socket Mode. The bot is started again, people who got no answer try again,
and then everything is counted: effects at Kajabi, endings told, messages owed, the audit, what is left due.

Each point is hit in two ways, so that both actions and both transports are among them, in a story that chance (of a
fixed seed) chooses among those that reach it; a point that only lists come by is hit in one way. `KILLS=all`: in all
four ways, in several stories or at several times.
"""

import asyncio
import os
import random
from collections import Counter
from itertools import product

import pytest

from tests.faults import points
from tests.faults.stories import LISTS, STORIES, told

ALL = os.environ.get("KILLS") == "all"
SEED = 1711
WAYS = tuple(product(("grant", "revoke"), ("http", "socket")))
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
#: how often a point is tried in each way
MOST = 6
#: how many towns there are at once
TOWNS = 6
#: where each story has been: how often it came to each point
REACHED: dict[tuple[str, str], Counter[str]] = {}


async def reached():
    """Play every story once, without a kill."""
    if not REACHED:
        plays = list(product(STORIES, ("grant", "revoke")))
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


async def killed(point, action, transport, *, only=""):
    """Kill at a point, in stories that reach it; return how often that was done. `only`: in this one story."""
    where = [(name, times[point]) for (name, one), times in REACHED.items() if one == action and only in {"", name}]
    candidates = [(name, number) for name, times in where for number in range(1, times + 1)]
    random.Random(f"{SEED} {point} {action} {transport}").shuffle(candidates)
    kills = 0
    for name, number in candidates[:MOST] if ALL else (candidates * MOST)[:MOST]:
        kills += (await told(name, action=action, transport=transport, fatal=f"{point}#{number}")).kills
        if kills and not ALL:
            break
    assert kills or not candidates, f"{point} was not reached again"
    return kills


def ways(point, number):
    """Choose in which ways the so-manieth point of a call is hit: one where only lists come by, which take longer."""
    if not ALL and {name for (name, _), times in REACHED.items() if times[point]} <= LISTS:
        return (random.Random(f"{SEED} {point}").choice(WAYS),)
    return pair(number)


def pair(number):
    """Choose two ways, so that both actions and both transports are among them; or all."""
    return WAYS if ALL else (WAYS[0], WAYS[3]) if number % 2 else (WAYS[1], WAYS[2])


@pytest.mark.parametrize("call", points.listed())
async def test_a_kill_changes_nothing_about_what_is_done_and_told(call, record):
    await reached()
    found = {f"{call}:{phase}" for phase in PHASES} & {point for times in REACHED.values() for point in times}
    assert f"{call}:before" in found, "no story reaches it"
    plays = [killed(point, *way) for number, point in enumerate(sorted(found)) for way in ways(point, number)]
    counted = await together(plays)
    record(
        f"SIGKILL at {call}",
        "goes on where it was after the restart",
        f"{sum(counted)} kills: each change made once, each ending told once, nothing owed, the audit whole",
        sized=True,
    )


async def test_without_a_history_to_look_into_the_message_just_posted_may_stand_twice_and_no_other(record):
    plays = list(product(UNRECORDED, range(1, 8), WAYS[:: 1 if ALL else 3]))
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
    plays = list(product(RULED.items(), PHASES, (("grant", "http"), ("grant", "socket"))))
    seen = await together(
        told(story, action=way[0], transport=way[1], fatal=point.replace("#", f":{phase}#"))
        for (story, point), phase, way in plays
    )
    assert {one.kills for one in seen} == {1}
    record(
        "SIGKILL while the policy approves by itself, or while what is left of a budget is not enough",
        "approves no more than there is room for, and asks people about the rest",
        f"{len(seen)} kills: each change made once, what is taken of quotas and budgets as it is told",
        sized=True,
    )


async def test_a_list_is_carried_out_for_everybody_once_wherever_it_is_killed(record):
    await reached()
    counted = await together(
        killed(point, *way, only="listing") for number, point in enumerate(OF_LISTS) for way in pair(number)
    )
    record(
        "SIGKILL while the rows of a list are sent, written down and read back, and while its files are given",
        "goes on with the rows that are left, after the restart",
        f"{sum(counted)} kills: each row done once, the whole told once, each file given once",
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

"""Faults of our own, and settings that changed meanwhile: each has an end, and somebody is told."""

from dataclasses import replace

from bot.domain.request import State
from tests.unit.core.world import TIMING


class Fault(Exception):
    """Something that nobody foresaw."""


async def breaks():
    raise Fault


async def test_an_attempt_that_always_breaks_ends_as_not_done(core):
    case = await core.approved()
    core.booth.reads.extend([breaks] * 999)
    await core.executes()
    assert (await core.again(case)).main.error == "Broken"

    while (await core.again(case)).main.open:
        await core.comes_back(case)

    found = await core.again(case)
    assert (found.request.state, found.main.error) == (State.FAILED, "GaveUp: Broken")
    assert core.booth.written == []


async def test_a_preparation_that_always_breaks_is_given_back(core):
    case = await core.asks()
    core.booth.reads.extend([breaks] * 999)
    await core.prepares()
    assert (await core.again(case)).request.note == "Broken"

    while (await core.again(case)).request.state is State.PREPARING:
        core.clock.passes(TIMING.longest)
        await core.prepares()

    assert (await core.again(case)).request.note == "NotPrepared"


async def test_a_request_for_a_provider_that_was_taken_out_is_given_back(core):
    case = await core.asks()
    core.preparer = replace(core.preparer, providers={})
    await core.prepares()

    found = (await core.again(case)).request
    assert (found.state, found.note) == (State.CANCELLED, "ProviderGone")


async def test_an_approved_change_of_a_provider_that_was_taken_out_ends_as_not_done(core):
    case = await core.approved()
    core.executor = replace(core.executor, providers={})
    await core.executes()

    found = await core.again(case)
    assert (found.request.state, found.main.error) == (State.FAILED, "ProviderGone")

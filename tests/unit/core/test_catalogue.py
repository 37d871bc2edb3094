from dataclasses import replace

import pytest

from bot.catalogue import PAUSE, Catalogue
from bot.domain.errors import Unavailable
from tests.unit.core.world import BUNDLE, STARTER

MAX_AGE = 900.0


@pytest.fixture
def catalogue(core):
    return Catalogue(core.store, {"kajabi": core.booth}, core.clock, MAX_AGE)


async def titles(core):
    return [offer.title for offer in await core.store.suggest("kajabi", "", limit=10)]


async def test_the_list_is_read_when_it_never_was_and_when_it_is_old(core, catalogue):
    assert await catalogue.stale() == ["kajabi"]

    await catalogue.refresh("kajabi")
    assert await catalogue.stale() == []
    core.clock.passes(MAX_AGE - 1)
    assert await catalogue.stale() == []
    core.clock.passes(1)
    assert await catalogue.stale() == ["kajabi"]


async def test_a_refresh_brings_what_is_new_and_takes_off_what_is_gone(core, catalogue):
    await catalogue.refresh("kajabi")
    assert await titles(core) == ["Gold Bundle", "Starter"]

    del core.booth.offers["8"]
    core.booth.offers["7"] = replace(BUNDLE, title="Silver Bundle")
    await catalogue.refresh("kajabi")

    assert await titles(core) == ["Silver Bundle"]
    assert await core.store.cached_offer("kajabi", "8") == replace(STARTER, listed=False)


async def test_a_failed_refresh_leaves_the_old_list_and_waits_a_minute(core, catalogue, lines):
    await catalogue.refresh("kajabi")
    core.clock.passes(MAX_AGE)
    core.booth.lists.append(Unavailable("kajabi", "no connection"))
    await catalogue.refresh("kajabi")

    assert await titles(core) == ["Gold Bundle", "Starter"]
    assert "no connection" in lines()
    core.clock.passes(PAUSE - 1)
    assert await catalogue.stale() == []
    core.clock.passes(1)
    assert await catalogue.stale() == ["kajabi"]


async def test_at_the_start_only_a_list_that_was_never_read_is_waited_for(core, catalogue):
    await catalogue.fill()
    assert core.booth.calls == ["list"]

    core.clock.passes(MAX_AGE)
    await catalogue.fill()
    assert core.booth.calls == ["list"]


async def test_a_provider_that_is_down_does_not_stop_the_start(core, catalogue):
    core.booth.lists.append(Unavailable("kajabi", "no connection"))

    await catalogue.fill()

    assert await titles(core) == []


async def test_a_clock_that_was_put_back_keeps_no_list(core, catalogue):
    await catalogue.refresh("kajabi")
    core.clock.passes(-3600)

    assert await catalogue.stale() == ["kajabi"]
    await catalogue.refresh("kajabi")
    assert await catalogue.stale() == []


async def test_a_clock_that_was_put_back_does_not_lengthen_the_minute_after_a_failure(core, catalogue):
    core.booth.lists.append(Unavailable("kajabi", "no connection"))
    await catalogue.refresh("kajabi")
    core.clock.passes(-3600)

    assert await catalogue.stale() == ["kajabi"]

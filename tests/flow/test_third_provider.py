"""One more file beside the providers is one more provider: everything else comes from the bot."""

from pathlib import Path

import pytest

from bot import providers
from tests.flow.conftest import Desk, settings_for
from tests.flow.following import over_http
from tests.flow.steps import typed

THIRD = Path(__file__).parent / "third"


@pytest.fixture
def registered(monkeypatch):
    """As if the file stood in the folder of the providers."""
    monkeypatch.setattr(providers, "__path__", [*providers.__path__, str(THIRD)])
    providers.known.cache_clear()
    yield
    providers.known.cache_clear()


@pytest.fixture
async def cupboard(registered, idle, transport, tmp_path):
    """The bot with this provider alone; what it has lent."""
    settings = settings_for(idle.slack, idle.kajabi, tmp_path, transport=transport, providers=("toy",))
    desk = Desk(idle.town, idle.slack, idle.kajabi, settings, clock=idle.clock)
    await desk.start()
    yield desk, desk.bot.parts.providers["toy"].lent
    await desk.stop()


@over_http
async def test_its_offers_are_granted_verified_and_undone_through_slack(cupboard):
    desk, lent = cupboard
    card, question = await desk.asks(desk.ada, "/offer grant jane@example.com red kite because it is windy")
    assert "Somebody has to carry it." in question.plain
    await desk.grace.presses("approve", question)
    await desk.ada.sees("Done, verified", in_=card)
    assert lent == {("jane@example.com", "1")}

    before = {one.ts for one in desk.ada.messages("#support")}
    await desk.ada.presses("undo", await desk.ada.sees("Undo", in_="#support"))
    await desk.ada.sees("Send", in_="view")
    assert await desk.ada.submits(reason="no wind") == {}
    card = await desk.new_card(before)
    await desk.grace.presses("approve", await desk.grace.sees("Approve", in_=card))
    await desk.ada.sees("Done, verified", in_=card)
    assert lent == set()


@over_http
async def test_it_answers_who_holds_what_and_what_there_is(cupboard):
    desk, lent = cupboard
    lent.add(("jane@example.com", "2"))

    assert "Blue Ball" in (await typed(desk.ada, "/offer who jane@example.com", "Blue Ball")).plain
    assert "Green Top" in (await typed(desk.ada, "/offer find top", "Green Top")).plain
    assert desk.kajabi.calls == []


@over_http
async def test_a_customer_named_in_a_way_that_it_does_not_declare_is_refused_at_the_field(cupboard):
    desk, lent = cupboard
    await desk.ada.types("/offer grant jane@example.com red kite because it is windy", channel="#support")
    await desk.ada.sees("Send", in_="view")
    refused = await desk.ada.submits(customer="+491701234567")

    assert list(refused) == ["customer"]
    assert lent == set()

import json
import logging
from typing import Any

import pytest
import structlog

from bot.domain.errors import ProviderError, Rejected, Unavailable, Unknown
from bot.domain.request import Action, Contact
from bot.ports import OfferQuery
from tests.contract.provider_worlds import by_address, change, read, write

Trouble = tuple[str, dict[str, Any]]
#: troubles and their options: nothing was done; nobody can tell; done, without words for it
NOT_DONE: list[Trouble] = [
    ("rate_limited", {"retry_after": 7}),
    ("rate_limited", {"retry_after": 7, "as_date": True}),
]
LOST: list[Trouble] = [
    ("timeout_before", {}),
    ("timeout_after", {}),
    ("timeout_before", {"closed": True}),
    ("timeout_after", {"closed": True}),
    ("server_error", {}),
    ("server_error", {"done": True}),
    ("unavailable", {"retry_after": 7}),
    ("unavailable", {"done": True}),
    ("html", {}),
    ("html", {"done": True}),
    ("html", {"status": 502, "done": True}),
    ("html", {"status": 302}),
    ("reset_mid_body", {}),
]
UNREADABLE: list[Trouble] = [
    ("empty", {}),
    ("broken_json", {}),
    ("wrong_shape", {}),
    ("wrong_shape", {"content": {"data": "x"}}),
]


@pytest.fixture
def patience() -> float:
    """Many calls here are never answered."""
    return 1.0


async def test_a_refusal_is_rejected_in_the_providers_words(world, jane):
    world.trouble_writing("refused", detail="Sold out for jane@example.com\u0000\u202e" + "x" * 5_000)

    with pytest.raises(Rejected) as caught:
        await write(world.provider, change(Action.GRANT, jane, world.offer("Bundle")))

    assert "Sold out for …" in caught.value.detail
    assert len(caught.value.detail) < 260
    assert not {"\u0000", "\u202e", "@"} & set(caught.value.detail)


@pytest.mark.parametrize("what", ["contact", "offer"])
async def test_writing_to_what_is_not_there_is_rejected(world, jane, what):
    gone = Contact(provider=jane.provider, address=jane.address, id="999999")
    one = change(Action.GRANT, gone if what == "contact" else jane, "888888" if what == "offer" else world.offer("B"))

    with pytest.raises(Rejected):
        await write(world.provider, one)


@pytest.mark.parametrize("action", [Action.GRANT, Action.REVOKE, Action.CREATE])
@pytest.mark.parametrize(("trouble", "options"), LOST)
async def test_a_write_whose_answer_is_lost_is_unknown_and_nothing_is_sent_twice(world, jane, action, trouble, options):
    offer = world.offer("Bundle")
    if action is Action.REVOKE:
        world.give(jane, offer)
    world.trouble_writing(trouble, **options)
    contact = (
        Contact(provider=jane.provider, address="new@example.com", name="New") if action is Action.CREATE else jane
    )

    offered = action is not Action.CREATE or world.provider.creates_contacts
    with pytest.raises(Unknown if offered else Rejected):
        await write(world.provider, change(action, contact, "" if action is Action.CREATE else offer))

    sent = [json.dumps([one.method, one.path, one.body]) for one in world.written()]
    assert bool(sent) is offered
    assert len(set(sent)) == len(sent)


@pytest.mark.parametrize("action", [Action.GRANT, Action.REVOKE])
@pytest.mark.parametrize(("trouble", "options"), UNREADABLE)
async def test_a_success_without_a_readable_body_is_no_failure(world, jane, action, trouble, options):
    """Where the body holds the proof, nobody knows; else it is a success, and the world agrees."""
    offer = world.offer("Bundle")
    if action is Action.REVOKE:
        world.give(jane, offer)
    world.trouble_writing(trouble, **options)
    (answer,) = await world.provider.write([change(action, jane, offer)])

    assert isinstance(answer, str | Unknown)
    if isinstance(answer, str):
        assert world.holds(jane) == ({offer} if action is Action.GRANT else set())


@pytest.mark.parametrize(("trouble", "options"), NOT_DONE)
async def test_too_many_calls_is_not_done_and_held_for_as_long_as_asked(world, jane, trouble, options):
    world.trouble_writing(trouble, **options)

    with pytest.raises(Unavailable) as caught:
        await write(world.provider, change(Action.GRANT, jane, world.offer("Bundle")))

    assert caught.value.retry_after == pytest.approx(7, abs=2)
    assert world.pacer.held == [caught.value.retry_after]
    assert (len(world.written()), world.holds(jane)) == (1, set())


@pytest.mark.parametrize(("trouble", "options"), [*NOT_DONE, *LOST, *UNREADABLE])
async def test_a_read_that_fails_is_unavailable(world, jane, trouble, options):
    offer = world.offer("Bundle")
    world.trouble_reading(trouble, **options)

    for ask in (
        read(world.provider, jane),
        read(world.provider, by_address(jane)),
        world.provider.offer(offer),
        world.provider.list_offers(OfferQuery()),
    ):
        with pytest.raises(Unavailable):
            await ask


async def test_a_provider_that_cannot_be_reached_was_sent_nothing(world, jane):
    offer = world.offer("Bundle")
    await write(world.provider, change(Action.GRANT, jane, offer))
    await world.local.__aexit__(None, None, None)

    with pytest.raises(Unavailable) as read_error:
        await read(world.provider, jane)
    with pytest.raises(Unavailable) as write_error:
        await write(world.provider, change(Action.REVOKE, jane, offer))

    assert (read_error.value.code, write_error.value.code) == ("unreachable", "unreachable")


async def test_missing_permission_is_rejected(world, jane):
    world.trouble_reading("forbidden")
    world.trouble_writing("forbidden")
    for ask in (read(world.provider, jane), write(world.provider, change(Action.GRANT, jane, world.offer("B")))):
        with pytest.raises(Rejected):
            await ask
    assert world.holds(jane) == set()


async def test_nothing_secret_or_private_is_logged_or_told(world, jane, caplog):
    caplog.set_level(logging.DEBUG)
    offer = world.offer("Bundle")
    told = []
    with structlog.testing.capture_logs() as logs:
        await read(world.provider, by_address(jane), offer)
        await write(world.provider, change(Action.GRANT, jane, offer))
        for name, options in LOST:
            world.trouble_writing(name, times=1, **options)
            world.trouble_reading(name, times=1, **options)
            for ask in (
                read(world.provider, by_address(jane)),
                write(world.provider, change(Action.GRANT, jane, offer)),
            ):
                with pytest.raises(ProviderError) as caught:
                    await ask
                told += [str(caught.value), repr(caught.value), repr(caught.value.__cause__)]
            world.local.calm()
    token = world.tokens[0]
    everything = "\n".join([caplog.text, repr(logs), *told, repr(world.provider)])

    assert logs
    assert not [word for word in ("jane", "example.com", token, "secret", "filter[", "DOCTYPE") if word in everything]

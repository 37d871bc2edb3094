import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bot.domain.errors import Misconfigured, Rejected, Unavailable, Unknown
from bot.domain.notices import Notices
from bot.pacing import StorePacer, calm
from bot.providers.base import IN_FLIGHT, Api, Call, check_url
from bot.providers.jsonapi import errors_said
from bot.providers.oauth import ClientCredentials
from bot.store import open_store
from tests.contract.provider_worlds import Unpaced
from tests.unit.providers.wire import drips, floods, hangs_up, says, wire

READ = Call(method="GET", path="/v1/things/{id}", ids={"id": "7"}, query={"filter[email]": "a+b@example.com"})
WRITE = Call(method="DELETE", path="/v1/things/{id}", ids={"id": "7"}, body=b"{}", writes=True)
BODY_OF_TOKEN = '{"access_token": "t", "expires_in": 100}'


@asynccontextmanager
async def api_at(url: str, *, patience: float = 0.4) -> AsyncIterator[Api]:
    api = Api("acme", url=url, pacer=Unpaced(), clock=time.time, explain=errors_said, timeout=patience)
    try:
        yield api
    finally:
        await api.close()


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not so():  # noqa: ASYNC110 - what others do has no event
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT", "GET"])
async def test_a_write_on_a_kept_connection_that_drops_is_sent_once(method):
    async with wire(says(), hangs_up, says()) as server, api_at(server.url) as api:
        await api.send(READ)
        with pytest.raises(Unknown):
            await api.send(Call(method=method, path="/v1/things", body=b"{}", writes=True))

        assert len(server.requests) == 2
        assert server.connections == 1


async def test_a_redirect_is_never_followed():
    moved = says("", status="302 Found", Location="/v1/elsewhere")
    async with wire(moved) as server, api_at(server.url) as api:
        with pytest.raises(Unavailable):
            await api.send(READ)
        with pytest.raises(Unknown):
            await api.send(WRITE)

        assert [line.split()[1].partition("?")[0] for line in server.requests] == ["/v1/things/7"] * 2


async def test_calls_that_are_broken_off_leave_connections_for_those_that_follow():
    async with wire(says()) as server, api_at(server.url, patience=2) as api:
        for turns in range(IN_FLIGHT * 10):
            calls = [asyncio.create_task(api.send(READ)) for _ in range(IN_FLIGHT)]
            for _ in range(turns):
                await asyncio.sleep(0)
            for call in calls:
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)

        assert (await api.send(READ)).status == 200


async def test_a_call_that_is_broken_off_does_not_break_the_others():
    async def slow(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        await says()(writer)

    async with wire(slow) as server, api_at(server.url, patience=5) as api:
        first, second = asyncio.create_task(api.send(WRITE)), asyncio.create_task(api.send(WRITE))
        await asyncio.sleep(0.1)
        first.cancel()

        assert (await second).status == 200
        assert (await api.send(WRITE)).status == 200


async def test_a_body_that_drips_ends_at_the_deadline():
    async with wire(drips) as server, api_at(server.url, patience=0.2) as api:
        started = time.perf_counter()
        with pytest.raises(Unavailable) as caught:
            await api.send(READ)

        assert caught.value.code == "timeout"
        assert time.perf_counter() - started < 3


@pytest.mark.parametrize(("call", "error"), [(READ, Unavailable), (WRITE, Unknown)])
async def test_a_body_without_end_is_not_read(call, error):
    async with wire(floods) as server, api_at(server.url, patience=5) as api:
        with pytest.raises(error) as caught:
            await api.send(call)

        assert caught.value.code == "broken"


@pytest.mark.parametrize("body", ["[" * 100_000, "1" * 10_000, "NaN", "[]", "null", '"x"', '{"a": '])
async def test_a_body_that_is_no_document_is_unavailable(body):
    async with wire(says(body)) as server, api_at(server.url) as api:
        with pytest.raises(Unavailable):
            await api.send(READ)


async def test_an_address_travels_encoded():
    async with wire(says()) as server, api_at(server.url) as api:
        await api.send(READ)

        assert server.requests == ["GET /v1/things/7?filter%5Bemail%5D=a%2Bb%40example.com HTTP/1.1"]


async def test_an_id_cannot_leave_its_place_in_the_path():
    async with wire(says()) as server, api_at(server.url) as api:
        await api.send(Call(method="GET", path="/v1/things/{id}", ids={"id": "../x?y#z"}))

        assert server.requests == ["GET /v1/things/..%2Fx%3Fy%23z HTTP/1.1"]


async def test_no_more_calls_than_few_are_in_flight():
    busy = most = 0

    async def counted(writer: asyncio.StreamWriter) -> None:
        nonlocal busy, most
        busy, most = busy + 1, max(most, busy + 1)
        await asyncio.sleep(0.02)
        busy -= 1
        await says()(writer)

    async with wire(counted) as server, api_at(server.url) as api:
        await asyncio.gather(*(api.send(READ) for _ in range(20)))

        assert most == IN_FLIGHT


@pytest.mark.parametrize(
    ("status", "headers", "pause"),
    [
        ("429 x", {"Retry_After": "3"}, 3),
        ("429 x", {"Retry_After": "999999999999"}, 900),
        ("429 x", {"Retry_After": "soon"}, 2),
        ("429 x", {"Retry_After": "-5"}, 2),
        ("429 x", {}, 2),
        ("503 x", {"Retry_After": "4"}, 4),
        # a sender whose clock is years behind ours means the same thirty seconds
        ("429 x", {"Retry_After": "Tue, 01 Jan 2019 00:00:30 GMT", "Date": "Tue, 01 Jan 2019 00:00:00 GMT"}, 30),
        ("429 x", {"Retry_After": "Tue, 01 Jan 2019 00:00:30 GMT"}, 0),
    ],
)
async def test_the_pace_is_held_for_as_long_as_was_asked(status, headers, pause):
    pacer = Unpaced()
    async with wire(says("{}", status=status, **headers)) as server:
        api = Api("acme", url=server.url, pacer=pacer, clock=time.time, explain=errors_said)
        with pytest.raises(Unavailable):
            await api.send(READ)
        await api.close()

    assert pacer.held == [pause]


@pytest.mark.parametrize(
    "url", ["https://api.kajabi.com", "https://api.kajabi.com/", "http://127.0.0.1:8", "http://[::1]:8"]
)
def test_a_safe_address_is_taken(url):
    assert check_url("KAJABI_API_URL", url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://api.kajabi.com",
        "ftp://127.0.0.1",
        "api.kajabi.com",
        "",
        "https://",
        "https://a:b@c.de",
        "https://[x",
        "https://c.de?x=1",
    ],
)
def test_an_unsafe_address_is_refused_by_the_settings_name(url):
    with pytest.raises(Misconfigured, match="KAJABI_API_URL"):
        check_url("KAJABI_API_URL", url)


# --- tokens --------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def door_at(url: str, *, clock=time.time) -> AsyncIterator[ClientCredentials]:
    async with api_at(url) as api:
        door = ClientCredentials(api, path="/token", client_id="i", client_secret="s", refused="no", clock=clock)
        yield door
        await door.close()


async def test_a_token_is_renewed_before_it_ends():
    times = [1000.0]
    async with wire(says(BODY_OF_TOKEN)) as server, door_at(server.url, clock=lambda: times[-1]) as door:
        for moment, bought in ((1000.0, 1), (1089.0, 1), (1091.0, 2)):
            times.append(moment)
            await door.token()
            assert len(server.requests) == bought


@pytest.mark.parametrize("life", ["null", '"x"', "-1", "true", "0"])
async def test_a_token_of_untold_life_is_kept_for_a_while(life):
    body = f'{{"access_token": "t", "expires_in": {life}}}'
    async with wire(says(body)) as server, door_at(server.url) as door:
        assert [await door.token(), await door.token()] == ["t", "t"]
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "body", ["{}", '{"access_token": ""}', '{"access_token": "a\\r\\nX: y"}', '{"access_token": 5}']
)
async def test_an_answer_without_a_usable_token_is_unavailable(body):
    async with wire(says(body)) as server, door_at(server.url) as door:
        with pytest.raises(Unavailable):
            await door.token()


async def test_callers_at_once_share_the_failure_too():
    async with (
        wire(says('{"error": "Invalid client credentials"}', status="401 x")) as server,
        door_at(server.url) as door,
    ):
        answers = await asyncio.gather(*(door.token() for _ in range(10)), return_exceptions=True)

        assert {type(one) for one in answers} == {Rejected}
        assert len(server.requests) == 1


async def test_a_caller_that_gives_up_leaves_the_token_to_the_others():
    async def slow(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        await says(BODY_OF_TOKEN)(writer)

    async with wire(slow) as server, door_at(server.url) as door:
        first, second = asyncio.create_task(door.token()), asyncio.create_task(door.token())
        await asyncio.sleep(0.02)
        first.cancel()

        assert await second == "t"
        assert len(server.requests) == 1


async def test_a_write_whose_token_cannot_be_had_was_not_sent():
    async with wire(says("", status="500 x")) as server, door_at(server.url) as door:
        with pytest.raises(Unavailable):
            await door.send(WRITE)

        assert [line.split()[0] for line in server.requests] == ["POST"]


async def test_there_is_room_for_people_however_many_calm_calls_hang():
    ended = asyncio.Event()

    async def hangs(_writer: asyncio.StreamWriter) -> None:
        await ended.wait()

    calm_ones = [hangs] * (IN_FLIGHT - 1)
    async with wire(*calm_ones, says()) as server, api_at(server.url, patience=30) as api:
        with calm():
            hanging = [asyncio.create_task(api.send(READ)) for _ in range(20)]
        async with asyncio.timeout(20):
            await until(lambda: len(server.requests) == IN_FLIGHT - 1)
            answer = await api.send(READ)

        assert answer.status == 200
        assert len(server.requests) == IN_FLIGHT
        ended.set()
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)


@pytest.mark.parametrize(("status", "slowed"), [("429 Too Many Requests", [3.0]), ("503 Unavailable", [])])
async def test_only_too_many_calls_make_the_next_ones_slower(status, slowed):
    pacer = Unpaced()
    async with wire(says("", status=status, Retry_After="3")) as server:
        api = Api("acme", url=server.url, pacer=pacer, clock=time.time, explain=errors_said)
        with pytest.raises(Unavailable):
            await api.send(READ)
        await api.close()

    assert pacer.held == [3.0]
    assert pacer.slowed == slowed


async def test_a_single_request_is_served_within_eight_seconds_beside_a_bulk_at_two_calls_a_second(tmp_path):
    bulk, took = 0, []
    async with (
        wire(says()) as server,
        open_store(f"sqlite:///{tmp_path / 'a.db'}", notices=Notices(), clock=time.time) as store,
        open_store(f"sqlite:///{tmp_path / 'a.db'}", notices=Notices(), clock=time.time) as another,
    ):
        apis = [
            Api(
                "acme",
                url=server.url,
                pacer=StorePacer(one, "acme", rate=2.0, burst=4, clock=time.time),
                clock=time.time,
                explain=errors_said,
            )
            for one in (store, another)
        ]

        async def bulky() -> None:
            nonlocal bulk
            while True:
                await apis[0].send(READ)
                bulk += 1

        with calm():
            crowd = [asyncio.create_task(bulky()) for _ in range(50)]
        await until(lambda: bulk >= 4)
        for api in (apis[1], apis[0]):  # of another process, and of the same
            started = time.monotonic()
            for _ in range(8):  # two looks, a write, a look back, and some to spare
                await api.send(READ)
            took.append(time.monotonic() - started)
        at = bulk
        await until(lambda: bulk >= at + 2)  # and then the bulk goes on
        for task in crowd:
            task.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
        for api in apis:
            await api.close()

    assert max(took) < 8

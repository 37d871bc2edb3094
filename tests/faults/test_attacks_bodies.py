"""Bodies that are too large, too deep or packed, and addresses that lead elsewhere: bounded, and followed nowhere."""

import asyncio
import contextlib
import gzip
import io
import re
import resource
import zlib
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web

from bot.providers.base import LARGEST_ANSWER
from bot.sandbox.delivery import encoded, signed
from bot.slack.calls import CALL_ERRORS, open_session, slack_client
from tests.flow.following import GRANT, over_http, rows
from tests.flow.steps import typed

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
pytestmark = over_http


@contextlib.contextmanager
def little_memory():
    """What happens meanwhile needs less than 60 MB; the bot runs in this process."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # the most that was ever held counts from now, on Linux
    before = held()
    yield
    assert held() - before < 60


def held():
    """The most that this process held, in megabytes."""
    with contextlib.suppress(OSError):
        return int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024


def bomb(megabytes, packed):
    """So many megabytes of zeros, packed into a thousandth of that."""
    pack = zlib.compressobj(9, zlib.DEFLATED, 31 if packed == "gzip" else 15)
    zeros = b"0" * 1_000_000
    return b"".join([*(pack.compress(zeros) for _ in range(megabytes)), pack.flush()])


async def post(desk, body, *, content_type=FORM, signed_body=None, **headers):
    good = signed(signed_body or body, secret=desk.workspace.signing_secret, now=desk.clock())
    given = {"Content-Type": content_type, **{name.replace("_", "-"): value for name, value in headers.items()}}
    async with aiohttp.ClientSession(trust_env=False, auto_decompress=False) as session:
        answer = await session.post(desk.slack.events_url, data=io.BytesIO(body), headers=good | given)
        return answer.status, await answer.read()


def genuine(desk, kind):
    return desk.workspace.journal.delivered(kind)[-1].payload


# --- what comes in ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("packed", ["gzip", "deflate"])
async def test_a_packed_body_is_not_unpacked(desk, packed, record):
    zeros = bomb(150, packed)
    with little_memory():
        answers = [await post(desk, zeros, content_type=kind, Content_Encoding=packed) for kind in (FORM, JSON)]
    command = encoded("command", {"command": "/offer", "text": "help"})[0]
    answers.append(await post(desk, gzip.compress(command), signed_body=command, Content_Encoding="gzip"))

    assert [status for status, _ in answers] == [415] * 3
    assert await desk.ada.types("/offer help", channel="#support")
    if packed == "gzip":
        record(
            "packed bodies: 150 MB of zeros in 150 kB, and a true command, as gzip and as deflate",
            "415, not unpacked",
            "less than 60 MB of memory more; the next command is answered",
        )


async def test_a_megabyte_of_anything_anywhere_in_a_command_is_answered(desk, lines, record):
    await desk.ada.types("/offer help", channel="#support")
    command = genuine(desk, "command")
    desk.expected_refusals = frozenset({"exchanged_trigger_id", "used_url"})  # it is one and the same command
    texts = [
        "x" * 900_000,
        "grant " + "a@" * 250_000,
        "who " + "@" * 340_000,
        "grant jane@example.com " + '"' * 340_000,
        "find " + "“" * 110_000,
        "requests " + "R-" * 500_000,
        "grant jane@example.com bundle because " + "<" * 340_000,
        "for 1 " * 170_000,
        "<mailto:" * 80_000,
    ]
    for text in texts:
        body = urlencode(command | {"text": text}).encode()
        async with asyncio.timeout(10):
            status, said = await post(desk, body)
        assert status == 200, text[:20]
        assert len(said) < 20_000, text[:20]
    too_large = urlencode(command | {"text": "x" * 1_100_000}).encode()

    assert (await post(desk, too_large))[0] == 413
    assert '"level": "error"' not in lines()
    record(
        "commands of up to a megabyte: one word, addresses, quotes, brackets, links; and one above it",
        "answered; 413 above a megabyte",
        f"{len(texts) + 1} tried, nothing written",
    )


async def test_deep_json_is_answered_and_breaks_nothing(desk, lines, record):
    deep = "[" * 100_000 + "]" * 100_000
    halves = "[" * 100_000
    bodies = [
        (deep.encode(), JSON),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, JSON),
        (halves.encode(), JSON),
        (urlencode({"payload": deep}).encode(), FORM),
        (urlencode({"payload": '{"type":' * 50_000}).encode(), FORM),
        (b'{"type":"event_callback","event":' + deep.encode() + b"}", JSON),
    ]
    for body, kind in bodies:
        assert (await post(desk, body, content_type=kind))[0] == 400, body[:40]

    assert '"level": "error"' not in lines()
    assert await desk.ada.types("/offer help", channel="#support")
    record(
        "JSON of a hundred thousand brackets: as a body, as a payload, as an event",
        "400",
        f"{len(bodies)} tried; the next command is answered",
    )


# --- what providers answer, and where they want us to go --------------------------------------------------------------


class Elsewhere:
    """Another host, and all that came to it."""

    def __init__(self, answer=lambda _: web.json_response({"data": [], "access_token": "evil", "ok": True})):
        self.answer = answer
        self.seen = []

    async def __aenter__(self):
        async def see(request):
            self.seen.append((request.method, request.path_qs, dict(request.headers), await request.text()))
            return self.answer(request)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", see)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_):
        await self._runner.cleanup()


@pytest.fixture
async def elsewhere():
    async with Elsewhere() as there:
        yield there


def away(desk, to, status, **calls):
    """Kajabi answers that what is asked for is somewhere else."""
    return desk.kajabi.trouble("other", status=status, headers={"Location": to}, **calls)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_of_kajabis_is_not_followed_and_takes_no_token_along(desk, elsewhere, status, record):
    with away(desk, f"{elsewhere.url}/v1/contacts", status, path="/v1/contacts*"):
        await typed(desk.ada, "/offer who jane@example.com", "could not be reached")
    _, question = await desk.asks(desk.ada, GRANT)
    with away(desk, f"{elsewhere.url}/x", status, method="POST", times=1):
        await desk.grace.presses("approve", question)
        await desk.ada.sees("verified", in_="#support")
    desk.kajabi.expire_tokens()
    with away(desk, f"{elsewhere.url}/v1/oauth/token", status, path="/v1/oauth/*"):
        await typed(desk.ada, "/offer find bread by price", "could not be reached")

    assert elsewhere.seen == []
    if status == 307:
        record(
            "redirects of Kajabi’s to another host, for reads, for changes, and for the token",
            "not followed; a change is read back before anything is said",
            "301, 302, 303, 307, 308: nothing arrived at the other host",
        )


@pytest.mark.parametrize("next_page", ["{there}", "//evil.example/v1", "http://[::1"])
async def test_a_next_page_elsewhere_is_not_followed(desk, elsewhere, next_page, record):
    host = next_page.replace("{there}", elsewhere.url)
    with desk.kajabi.trouble("foreign_next", host=host, path="/v1/contacts*"):
        await typed(desk.ada, "/offer who jane@example.com", "its list goes on at another host")

    assert elsewhere.seen == []
    if next_page.startswith("{"):
        record(
            "links.next to another host, with and without a scheme",
            "refused, and said so",
            "nothing arrived at the other host",
        )


@pytest.mark.parametrize("status", [302, 307, 308])
async def test_a_redirect_of_slacks_takes_no_token_along(elsewhere, status, transport, record):
    away = web.Response(status=status, headers={"Location": elsewhere.url})
    async with Elsewhere(lambda _: away) as slack, open_session() as session:
        client = slack_client("xoxb-sandbox-token", base_url=f"{slack.url}/api/", session=session)
        with contextlib.suppress(*CALL_ERRORS):
            await client.users_info(user="U0ADA")

    assert "xoxb-sandbox-token" in str(slack.seen)
    assert "xoxb-sandbox-token" not in str(elsewhere.seen)
    if status == 307:
        record(
            "redirects of Slack’s to another host",
            "the token stays behind",
            "302, 307, 308: no token arrived at the other host",
        )


async def test_a_packed_answer_is_not_unpacked(desk, record):
    packed = bomb(150, "gzip")
    assert len(packed) < LARGEST_ANSWER
    with (
        little_memory(),
        desk.kajabi.trouble("other", headers={"Content-Encoding": "gzip"}, body=packed, path="/v1/contacts*"),
    ):
        await typed(desk.ada, "/offer who jane@example.com", "could not be reached")

    assert rows(desk, "select count(*) from event") == [(0,)]
    record(
        "an answer of Kajabi’s that unpacks to 150 MB",
        "not unpacked: unavailable, and said so",
        "less than 60 MB of memory more",
    )

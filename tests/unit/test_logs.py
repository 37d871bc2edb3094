import asyncio
import io
import json
import logging
import re

import pytest
import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest

from bot import logs

ADDRESSES = [
    "jane@example.com",
    "Jane.Doe+tag@EXAMPLE.co.uk",
    "jané@exämple.com",
    "o'brien@example.com",
    "jane&co=x/y?@example.com",
    "{jane}@example.com",
    "jane%40example.com",
    "jane%2Btag%40example.com",
    "jane%2540example.com",
    "first@middle@example.com",
]
SECRETS = [
    "xoxb-123-456-AbC",
    "xoxe.xoxp-1-Mi0yL",
    "xapp-1-A0-9-ffff",
    "xwfp-555-aaa",
    "v0=" + "0f" * 32,
    "https://hooks.slack.com/commands/T1/2/dEaDbEeF",
    "Authorization: Bearer eyJhbGciOi.J9.x",
    "authorization: basic aWQ6c2VjcmV0",
    "client_secret=dEaDbEeF&grant_type=x",
    '{"access_token": "dEaDbEeF", "expires_in": 7200}',
    "{'refresh_token': 'dEaDbEeF'}",
    "password=dEaDbEeF",
]
SHAPELESS = "5f0ac2e1"
OF_ADDRESSES = re.compile(r"jan|brien|doe|co=x|example|exämple|middle", re.IGNORECASE)
OF_SECRETS = re.compile(r"AbC|Mi0yL|ffff|aaa|0f0f|dEaDbEeF|eyJ|aWQ6")


def handler():
    return next(one for one in logging.getLogger().handlers if isinstance(one, logs.Handler))


BOTH = pytest.mark.parametrize("lines", ["json", "console"], indirect=True)


def shapes(text):
    """One text in all the places of a log line."""
    return {
        "plain": text,
        "within": f"could not find {text}, gave up",
        "bytes": text.encode(),
        "mapping": {"deep": [{"deeper": (text, {text})}], text: 1},
        "exception": ValueError(text),
        text: "as a name",
    }


@BOTH
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_masked_in_every_shape(lines, address):
    structlog.get_logger("bot.test").info(f"told of {address}", **shapes(address))
    line = lines()

    assert "[address]" in line
    assert OF_ADDRESSES.findall(line) == []


@BOTH
@pytest.mark.parametrize("secret", [*SECRETS, SHAPELESS])
def test_a_secret_is_masked_in_every_shape(lines, secret):
    structlog.get_logger("bot.test").info(f"told of {secret}", **shapes(secret))
    line = lines()

    assert "[secret]" in line
    assert OF_SECRETS.findall(line) == []
    assert SHAPELESS not in line


@BOTH
@pytest.mark.parametrize("name", ["token", "client_secret", "Authorization", "X-Slack-Signature", "PASSWORD"])
def test_what_is_named_a_secret_is_masked_whatever_it_holds(lines, name):
    structlog.get_logger("bot.test").info("told", **{name: "plainword"}, headers={name: ["plainword"]})

    assert "plainword" not in lines()


@BOTH
def test_an_exception_is_told_without_its_addresses(lines):
    try:
        try:
            getattr(lines, "jane@example.com")
        except AttributeError as error:
            raise RuntimeError("client_secret=dEaDbEeF") from error
    except RuntimeError:
        structlog.get_logger("bot.test").exception("it broke")
        logging.getLogger("bot.other").exception("it broke for jane@example.com")
    told = lines()

    assert told.count("Traceback") == 4
    assert told.count("test_logs.py") >= 2
    assert "jane@" not in told
    assert "dEaDbEeF" not in told


@BOTH
def test_a_task_nobody_waited_for_is_told_without_its_addresses(lines):
    async def fails():
        raise LookupError("jane@example.com")

    async def forgets():
        task = asyncio.create_task(fails())
        await asyncio.sleep(0)
        del task

    asyncio.run(forgets())
    told = lines()

    assert "LookupError" in told
    assert "jane" not in told


@BOTH
def test_a_line_of_the_standard_library_is_masked_too(lines):
    logging.getLogger("some.library").warning("asked for %s with %r", "jane@example.com", {"token": "xoxb-1-AbC"})
    told = lines()

    assert "asked for" in told
    assert OF_ADDRESSES.findall(told) + OF_SECRETS.findall(told) == []


def test_a_line_that_cannot_be_made_is_told_by_its_place_alone(lines):
    record = logging.getLogger("bot.test").makeRecord(
        "bot.test", logging.WARNING, __file__, 7, "%d customers", ("jane@example.com",), None
    )
    handler().handle(record)
    told = lines()

    assert told == f"a log line could not be written ({__file__}, line 7)\n"


def test_a_log_that_cannot_be_written_stops_nothing(lines):
    closed = io.StringIO()
    closed.close()
    handler().setStream(closed)
    structlog.get_logger("bot.test").info("told to nobody")


@pytest.mark.parametrize("library", ["aiohttp.access", "asyncio", "httpx", "httpcore.http11", "hpack", "slack_sdk.web"])
def test_libraries_are_not_heard_below_a_warning_even_if_they_raise_their_own_level(lines, library):
    logger = logging.getLogger(library)
    level = logger.level
    logger.setLevel(logging.DEBUG)
    logger.debug("sends jane")
    logger.info("sent jane")
    logger.setLevel(level)

    assert lines() == ""


async def test_bolt_tells_nothing_of_a_payload_it_has_no_listener_for(lines):
    async def authorize():
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="U0BOT", bot_id="B1", bot_token="xoxb-1")

    app = AsyncApp(authorize=authorize, signing_secret="s")
    payload = {"command": "/other", "text": "words-of-a-person", "team_id": "T1", "user_id": "U1"}
    answer = await app.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))

    assert answer.status == 404
    assert "words-of-a-person" not in lines()


def test_json_is_one_object_a_line_with_its_level_time_and_place(lines):
    structlog.contextvars.bind_contextvars(request_id="R-4F7K")
    structlog.get_logger("bot.test").warning("two\nlines", attempts=3, waiting=1.5, final=False, receipt=None)
    structlog.contextvars.clear_contextvars()
    (line,) = lines().splitlines()
    told = json.loads(line)

    assert told.pop("timestamp").endswith("Z")
    assert told == {
        "event": "two\nlines",
        "level": "warning",
        "logger": "bot.test",
        "request_id": "R-4F7K",
        "attempts": 3,
        "waiting": 1.5,
        "final": False,
        "receipt": None,
    }


@pytest.mark.parametrize("lines", ["console"], indirect=True)
def test_the_console_is_for_people(lines):
    structlog.get_logger("bot.test").info("a request was submitted", request_id="R-4F7K", detail="a\nforged line")
    told = lines()

    assert "a request was submitted" in told
    assert "request_id=R-4F7K" in told
    assert told.count("\n") == 1


def test_lines_below_the_level_are_left_out(lines):
    logs.set_up(level="error", form="json")
    structlog.get_logger("bot.test").warning("not told")
    logging.getLogger("some.library").warning("not told")

    assert lines() == ""


def test_a_long_text_is_masked_quickly():
    masking = logs.Masking()
    long = "a" * 1_000_000

    assert masking.text(f"{long} jane@example.com") == f"{long} [address]"
    assert masking.text("token" * 200_000) == "token" * 200_000

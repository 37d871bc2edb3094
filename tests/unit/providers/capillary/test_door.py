"""Which credentials travel, in which headers, and for how long a token is good."""

import json
from typing import Never

import pytest

from bot.domain.errors import Rejected, Unavailable
from bot.providers.base import Answer, Api, Call
from bot.providers.capillary import CapillarySettings
from bot.providers.capillary.calls import Calls
from bot.providers.capillary.checks import Checks
from bot.providers.capillary.door import door_of
from bot.providers.capillary.faults import explained, tells
from tests.contract.provider_worlds import Unpaced
from tests.unit.providers.wire import says, wire


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Closed:
    """Lets nobody in."""

    async def send(self, _: Call) -> Answer:
        return await self.enter()

    async def enter(self) -> Never:
        raise Rejected("capillary", "nobody is let in", code="credentials")

    async def close(self) -> None:
        """Nothing waits."""


def door(url: str, clock: Clock):
    settings = CapillarySettings(api_url=url, program_id=1, key="k", secret="s")
    api = Api("capillary", url=url, pacer=Unpaced(), clock=clock, explain=explained, tells=tells)
    return door_of(api, settings, clock=clock)


def token(name: str, **told: object):
    return says(json.dumps({"data": {"accessToken": name, **told}, "errors": None}))


READ = Call(method="GET", path="/v2/x")


@pytest.mark.parametrize(("life", "good"), [(300, 269), (60, 53), ("300", 539), (None, 539), (-1, 539)])
async def test_a_token_is_kept_as_long_as_its_answer_says_and_renewed_before(life, good):
    clock = Clock()
    async with wire(token("one", ttlSeconds=life), says(), says(), token("two", ttlSeconds=life), says()) as seen:
        entrance = door(seen.url, clock)
        await entrance.send(READ)
        clock.now += good
        await entrance.send(READ)
        clock.now += 2
        await entrance.send(READ)
        await entrance.close()
        await entrance.api.close()

    assert [line.split()[0] for line in seen.requests] == ["POST", "GET", "GET", "POST", "GET"]


@pytest.mark.parametrize(
    "refusal",
    [
        says('{"errors": [{"code": 401, "message": "no"}], "data": null}'),
        says('{"errors": [{"code": 1, "message": "no"}]}', status="400 Bad Request"),
        says("{}", status="401 Unauthorized"),
    ],
)
async def test_a_key_that_is_not_accepted_names_its_settings(refusal):
    async with wire(refusal) as seen:
        entrance = door(seen.url, Clock())
        with pytest.raises(Rejected) as caught:
            await entrance.enter()
        await entrance.api.close()

    assert caught.value.code == "credentials"
    assert "CAPILLARY_KEY, CAPILLARY_SECRET" in caught.value.detail


@pytest.mark.parametrize("body", ['{"data": {}}', '{"data": {"accessToken": "a b"}}', "{}", '{"data": "x"}'])
async def test_an_answer_without_a_token_is_tried_again_later(body):
    async with wire(says(body)) as seen:
        entrance = door(seen.url, Clock())
        with pytest.raises(Unavailable):
            await entrance.enter()
        await entrance.api.close()


@pytest.mark.parametrize(
    "expired", [says("{}", status="498 Expired"), says('{"errors": [{"code": 498}]}'), says("{}", status="401 No")]
)
async def test_an_expired_token_is_replaced_once_and_then_it_is_the_key(expired):
    async with wire(token("one"), expired, token("two"), expired) as seen:
        entrance = door(seen.url, Clock())
        with pytest.raises(Rejected) as caught:
            await entrance.send(READ)
        await entrance.api.close()

    assert caught.value.code == "credentials"
    assert len(seen.requests) == 4


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://eu.api.capillarytech.com", True),
        ("https://api.capillarytech.cn.com", True),
        ("https://intouch.capillary.co.in", True),
        ("http://127.0.0.1:1", True),
        ("https://capillarytech.com.x.example", False),
        ("https://xcapillarytech.com", False),
    ],
)
async def test_a_cluster_that_nobody_knows_is_doubted(url, known):
    settings = CapillarySettings(api_url=url, program_id=1)
    first, credentials = await Checks(Closed(), Calls(Closed(), settings), settings).run()

    assert (first.ok, first.doubtful) == (True, not known)
    assert ("check CAPILLARY_API_URL" in first.says) is not known
    assert not credentials.ok

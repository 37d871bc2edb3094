"""Each trouble does what its name says."""

from __future__ import annotations

import asyncio
import re
from email.utils import parsedate_to_datetime

import httpx
import pytest

from bot.sandbox.kajabi import TROUBLES, troubles
from bot.sandbox.remote import troubles as remote_troubles
from tests.contract.kajabi_world import ids

GRANTS = "*/relationships/offers"


def test_the_table_names_every_trouble():
    told = f"{remote_troubles.__doc__}{troubles.__doc__}"

    assert re.findall(r"^    (\w+) {2,}", told, flags=re.MULTILINE) == list(TROUBLES)


@pytest.mark.parametrize(
    ("name", "closed", "loss", "done"),
    [
        ("timeout_before", False, httpx.ReadTimeout, False),
        ("timeout_before", True, httpx.RemoteProtocolError, False),
        ("timeout_after", False, httpx.ReadTimeout, True),
        ("timeout_after", True, httpx.RemoteProtocolError, True),
    ],
)
async def test_a_lost_answer_tells_nothing_about_the_work(world, name, closed, loss, done):
    world.hurry()
    world.trouble(name, closed=closed)

    with pytest.raises(loss):
        await world.grant()
    assert world.done is done
    assert (world.kajabi.calls[-1].status, world.kajabi.calls[-1].trouble) == (None, name)


async def test_late_work_is_done_when_the_client_has_given_up(world):
    world.hurry()
    trouble = world.trouble("late", seconds=60)

    with pytest.raises(httpx.ReadTimeout):
        await world.grant()
    assert not world.done
    trouble.release()
    await world.client.get("/v1/me")
    assert world.done


async def test_slow_work_is_not_done_for_a_client_that_is_gone(world):
    world.hurry()
    trouble = world.trouble("slow", seconds=60)

    with pytest.raises(httpx.ReadTimeout):
        await world.grant()
    trouble.release()
    await world.client.get("/v1/me")
    assert not world.done


async def test_a_slow_answer_is_an_answer(world):
    world.trouble("slow", seconds=0.05)
    started = asyncio.get_running_loop().time()

    assert (await world.grant()).status_code == 200
    assert asyncio.get_running_loop().time() - started >= 0.05


@pytest.mark.parametrize("done", [False, True])
async def test_a_held_call_goes_on_when_released(world, done):
    trouble = world.trouble("held", done=done)
    under_way = asyncio.create_task(world.grant())
    await world.kajabi.until_called("POST", GRANTS)
    await asyncio.sleep(0.01)
    assert world.done is done

    trouble.release()
    assert (await under_way).status_code == 200
    assert world.done


async def test_429_says_when_to_come_back_in_seconds_as_a_date_or_not_at_all(world):
    world.trouble("rate_limited", retry_after=7)
    world.trouble("rate_limited", retry_after=7, as_date=True)
    world.trouble("rate_limited", retry_after=None)
    answers = [await world.grant() for _ in range(3)]

    assert [answer.status_code for answer in answers] == [429, 429, 429]
    assert answers[0].headers["Retry-After"] == "7"
    assert parsedate_to_datetime(answers[1].headers["Retry-After"]).timestamp() == world.clock.now + 7
    assert "Retry-After" not in answers[2].headers
    assert not world.done


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize(("name", "status"), [("server_error", 500), ("unavailable", 503)])
async def test_a_failure_may_come_before_or_after_the_work(world, name, status, done):
    world.trouble(name, done=done)
    answer = await world.grant()

    assert answer.status_code == status
    assert answer.json()["errors"][0]["status"] == str(status)
    assert world.done is done


async def test_an_outage_may_say_when_it_ends(world):
    world.trouble("unavailable", retry_after=30)

    assert (await world.grant()).headers["Retry-After"] == "30"


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize("done", [False, True])
async def test_a_page_comes_instead_of_a_document(world, status, done):
    world.trouble("html", status=status, done=done)
    answer = await world.grant()

    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.text.startswith("<!DOCTYPE html>")
    assert world.done is done


async def test_an_empty_success_is_a_success(world):
    world.trouble("empty")
    answer = await world.grant()

    assert (answer.status_code, answer.content) == (204, b"")
    assert world.done


async def test_an_error_is_not_emptied(world):
    world.kajabi.grant(world.jane, world.bundle)
    world.trouble("empty")

    assert (await world.grant()).status_code == 422


async def test_broken_json_comes_whole_and_cannot_be_read(world):
    world.trouble("broken_json")
    answer = await world.grant()

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/vnd.api+json"
    with pytest.raises(ValueError, match=r"JSON|Unterminated|Expecting|delimiter"):
        answer.json()
    assert world.done


@pytest.mark.parametrize("content", ["surprise", [], {"data": None}, {"data": [{"id": 7}]}])
async def test_json_of_a_wrong_shape_is_what_was_asked_for(world, content):
    world.trouble("wrong_shape", content=content)

    assert (await world.grant()).json() == content
    assert world.done


async def test_a_reset_within_the_body_leaves_the_work_done(world):
    world.trouble("reset_mid_body")

    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await world.grant()
    assert world.done
    assert (await world.client.get("/v1/me")).status_code == 200


async def test_an_expired_token_stays_expired_and_a_new_one_works(world):
    world.trouble("expired_token")

    assert [(await world.grant()).status_code for _ in range(2)] == [401, 401]
    await world.client.authenticate()
    assert (await world.grant()).status_code == 200


async def test_a_token_that_expires_for_good_cannot_be_renewed(world):
    world.trouble("expired_token", times=None)
    statuses = []
    for _ in range(3):
        await world.client.authenticate()
        statuses.append((await world.grant()).status_code)

    assert statuses == [401, 401, 401]
    assert not world.done


async def test_a_permission_may_be_missing_and_a_change_refused(world):
    world.trouble("forbidden")
    world.trouble("refused", detail="Not today")
    forbidden, refused = await world.grant(), await world.grant()

    assert forbidden.status_code == 403
    assert (refused.status_code, refused.json()["errors"][0]["detail"]) == (422, "Not today")
    assert not world.done


async def test_a_forgotten_grant_looks_like_a_success(world):
    world.trouble("forget")
    answer = await world.grant()

    assert answer.status_code == 200
    assert ids(answer) == {world.bundle.id}
    assert not world.done
    assert await world.client.granted(world.jane) == set()
    assert not world.kajabi.effects
    assert world.kajabi.mails == []


async def test_a_link_may_lead_to_another_host(world):
    world.trouble("foreign_next", method="GET", path="/v1/offers", host="https://elsewhere.example")
    answer = await world.client.get("/v1/offers")

    assert answer.json()["links"]["next"].startswith("https://elsewhere.example/v1/offers")
    assert ids(answer) == {world.bundle.id, world.club.id}


async def test_an_answer_that_drips_comes_whole_in_the_end(world):
    world.trouble("drip", seconds=0.001)
    answer = await world.grant()

    assert ids(answer) == {world.bundle.id}
    assert world.done


async def test_a_huge_answer_is_ended_by_whoever_has_read_enough(world):
    world.trouble("huge", method="GET", path="*", size=10**12)
    read = 0
    async with world.client.http.stream("GET", f"{world.kajabi.url}/v1/offers") as answer:
        async for chunk in answer.aiter_raw():
            read += len(chunk)
            if read > 1_000_000:
                break

    assert (await world.client.get("/v1/me")).status_code == 200


async def test_a_mistaken_answer_names_another_of_its_kind(world):
    world.trouble("mistaken", kind="offers", instead="77")
    answer = await world.grant()

    assert [one["id"] for one in answer.json()["data"]] == ["77"]
    assert world.done


async def test_a_pause_may_be_asked_for_in_any_words_and_by_a_wrong_clock(world):
    world.trouble("rate_limited", retry_after="soon", times=1)
    words = await world.grant()
    world.trouble("rate_limited", retry_after=20, as_date=True, skew=-3600.0)
    dated = await world.grant()
    moments = [parsedate_to_datetime(dated.headers[name]).timestamp() for name in ("Retry-After", "Date")]

    assert words.headers["Retry-After"] == "soon"
    assert moments[0] - moments[1] == 20

"""Nobody uses the page who was not given its key, and no other page in the same browser can."""

import aiohttp
import pytest

from tests.unit.sandbox.page.windows import browser


@pytest.fixture
async def stranger(page):
    async with aiohttp.ClientSession() as http:
        yield http


def parts(page):
    origin, _, key = page.url.partition("/?key=")
    return origin, key


@pytest.mark.parametrize("path", ["/", "/static/index.html", "/feed", "/panel/provider", "/panel/inspector", "/gone"])
async def test_nothing_is_shown_without_the_key(stranger, page, path):
    origin, _ = parts(page)
    async with stranger.get(f"{origin}{path}") as answer:
        assert answer.status == 403
        assert "address" in (await answer.json())["error"]


@pytest.mark.parametrize("key", ["", "wrong", "ü", "\x00"])
async def test_a_wrong_key_is_no_key(stranger, page, key):
    origin, _ = parts(page)
    async with stranger.get(f"{origin}/", params={"key": key}) as answer:
        assert answer.status == 403


async def test_the_key_becomes_a_cookie_that_scripts_and_other_sites_do_not_get(stranger, page):
    async with stranger.get(page.url) as answer:
        cookie = answer.headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


async def test_the_cookie_alone_opens_everything_afterwards(page):
    origin, _ = parts(page)
    async with browser() as http:
        await http.get(page.url)
        async with http.get(f"{origin}/panel/provider") as answer:
            assert answer.status == 200


async def test_a_request_under_another_name_of_this_machine_is_refused(stranger, page):
    async with stranger.get(page.url, headers={"Host": "rebound.example"}) as answer:
        assert answer.status == 421


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
async def test_another_page_gets_nothing_even_with_the_key(stranger, page, origin):
    async with stranger.get(page.url, headers={"Origin": origin}) as answer:
        assert answer.status == 403


async def test_another_page_cannot_listen(stranger, page):
    origin, key = parts(page)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await stranger.ws_connect(f"{origin}/feed?key={key}", headers={"Origin": "https://evil.example"})

    assert refused.value.status == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_a_form_of_another_page_cannot_act(stranger, page, kind):
    origin, key = parts(page)
    async with stranger.post(f"{origin}/act?key={key}", data=b"{}", headers={"Content-Type": kind}) as answer:
        assert answer.status == 415


@pytest.mark.parametrize("name", ["../site.py", "%2e%2e/site.py", "..%2fpage%2fsite.py", "/etc/passwd", "gone.js", "."])
async def test_only_the_files_of_the_page_are_served(stranger, page, name):
    origin, key = parts(page)
    async with stranger.get(f"{origin}/static/{name}?key={key}") as answer:
        assert answer.status == 404


async def test_the_browser_is_told_to_load_nothing_from_elsewhere(stranger, page):
    async with stranger.get(page.url) as answer:
        policy = answer.headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'self'; ")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
async def test_what_is_not_an_object_in_json_is_answered_with_a_sentence(stranger, page, body):
    origin, key = parts(page)
    headers = {"Content-Type": "application/json"}
    async with stranger.post(f"{origin}/act?key={key}", data=body, headers=headers) as answer:
        assert answer.status == 400
        assert "JSON" in (await answer.json())["error"]

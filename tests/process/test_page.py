"""What `python -m bot.sandbox` says and serves before anybody has clicked."""

import asyncio
import re

import aiohttp
import pytest

from tests.process.test_sandbox import start as start  # noqa: PLC0414 - a fixture is found by its name

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\?key=\S+")


async def test_the_page_is_served_at_the_address_that_is_printed_and_to_nobody_without_its_key(start):
    sandbox = await start("--empty", "--no-browser", stdin=asyncio.subprocess.PIPE)
    await sandbox.prints("`help` shows this again")
    [address] = ADDRESS.findall(sandbox.printed)
    async with aiohttp.ClientSession(trust_env=False) as http, http.get(address) as page:
        text = await page.text()
        async with aiohttp.ClientSession(trust_env=False) as stranger, stranger.get(address.split("?")[0]) as refused:
            denied = refused.status
    sandbox.process.stdin.write(b"quit\n")

    assert (page.status, page.content_type, denied) == (200, "text/html", 403)
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert "<script" in text
    assert "could be opened" not in sandbox.printed
    assert await sandbox.ended() == 0


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_it_does_not_start_beside_a_token_that_looks_real(start, name):
    token = "xoxb-" + "1234567890-abc" if name == "SLACK_BOT_TOKEN" else "xapp-" + "1-A012-abc"
    sandbox = await start("--once", environment={name: token})

    assert await sandbox.ended() == 1
    assert f"{name} looks like the token of a real workspace" in sandbox.complained
    assert token not in sandbox.complained
    assert sandbox.files() == []


async def test_a_seed_that_cannot_be_read_is_named_with_its_entry(start, tmp_path):
    seed = tmp_path / "seed.toml"
    seed.write_text('[[offers]]\ntitle = "Bread"\nprice_in_cents = "much"\n')
    sandbox = await start("--seed", str(seed), "--no-browser")

    assert await sandbox.ended() == 1
    assert "offers" in sandbox.complained
    assert "price_in_cents" in sandbox.complained


async def test_a_seed_is_what_there_is_from_the_start(start, tmp_path):
    seed = tmp_path / "seed.toml"
    seed.write_text(
        '[[offers]]\ntitle = "Rye Bread"\nprice_in_cents = 900\n\n'
        '[[customers]]\nemail = "ann@example.com"\nname = "Ann Lee"\n'
    )
    sandbox = await start("--seed", str(seed), "--no-browser", stdin=asyncio.subprocess.PIPE)
    await sandbox.prints("`help` shows this again")

    told = await sandbox.told("ada: /offer find rye", until_printed="Rye Bread")
    sandbox.process.stdin.write(b"quit\n")

    assert "1 offer with" in told
    assert await sandbox.ended() == 0

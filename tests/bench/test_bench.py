import asyncio
import re
import sys
from pathlib import Path

import pytest

from tests.bench.load import NotAcknowledged, run
from tests.bench.pacing import ABOVE, Bucket, called

ROOT = Path(__file__).parents[2]
LINE = re.compile(
    r"\| (?P<what>.+?) \| (?P<floor>.+?) \| (?P<ratio>[\d.e+]+) \| .+ – .+ \| (?:[≤≥] [\d.]+ ×)? \| (yes|no)? \|"
)


async def bench(*arguments):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench", "--tiny", *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode().splitlines()


async def test_every_part_prints_ratios_to_a_floor_of_the_same_run():
    head, rule, *lines = await bench()
    rows = [row for line in lines if (row := LINE.fullmatch(line))]

    assert head.count("|") == rule.count("|") == 7
    assert len(rows) == len(lines), lines
    assert {row["what"].split(" ")[0] for row in rows} == {
        "`/offer",
        "*Approve*,",
        "type-ahead",
        "start",
        "memory",
        "commits",
        "bulk",
    }
    # wide enough for any machine on any day: what is caught is a measurement that measures nothing
    assert all(0.001 < float(row["ratio"]) < 1000 for row in rows), lines


@pytest.mark.parametrize("above", [1, ABOVE], ids=["known", "unknown"])
async def test_however_busy_the_machine_is_more_calls_are_taken_than_refused(tmp_path, above):
    bucket = Bucket(200, burst=20)
    await called(tmp_path / "pace.db", bucket, rate=200 * above, seconds=1)

    # before the first one is refused the burst was taken, and then nobody calls for a second
    assert len(bucket.refused) < len(bucket.taken)


async def test_what_is_not_acknowledged_is_not_measured():
    async def refuse(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]

        with pytest.raises(NotAcknowledged, match="401"):
            await run(port, [b"POST / HTTP/1.1\r\n\r\n"], clients=1)

"""A server that answers with exact bytes, for what no decent HTTP server would do."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(kw_only=True)
class Wire:
    url: str = ""
    #: the first line of every request, in order
    requests: list[str] = field(default_factory=list)
    connections: int = 0


@asynccontextmanager
async def wire(*replies: Reply) -> AsyncIterator[Wire]:
    """Give the first request the first reply, and so on; the last one serves all that follow."""
    seen = Wire()

    open_now: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.connections += 1
        task = asyncio.current_task()
        assert task is not None
        open_now[task] = writer
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while not writer.is_closing():
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = [line for line in head.lower().splitlines() if line.startswith("content-length:")]
                await reader.readexactly(int(length[0].split(":")[1]) if length else 0)
                seen.requests.append(head.splitlines()[0])
                await replies[min(len(seen.requests), len(replies)) - 1](writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    seen.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield seen
    finally:
        server.close()
        for writer in open_now.values():
            writer.transport.abort()
        await asyncio.gather(*open_now, return_exceptions=True)


def says(body: str = "{}", *, status: str = "200 OK", **headers: str) -> Reply:
    fields = {"Content-Type": "application/json", "Content-Length": str(len(body.encode()))}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())

    async def reply(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {status}\r\n{head}\r\n{body}".encode())
        await writer.drain()

    return reply


async def hangs_up(writer: asyncio.StreamWriter) -> None:
    writer.close()


async def drips(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n")
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


async def floods(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    with contextlib.suppress(ConnectionError):
        for _ in range(200):
            writer.write(b" " * 100_000)
            await writer.drain()
    writer.close()

"""The load: clients that each send the next request as soon as the last one is answered, and as cheaply as Python can.

It runs in another process than the server, so that on two cores neither takes the other's time.
"""

import asyncio
import gc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter

HOST = "127.0.0.1"
#: a slice that takes longer is broken, not slow
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Slice:
    """What one server did with one list of requests."""

    #: seconds from the first byte sent to the last byte received, shortest first
    waits: tuple[float, ...]
    seconds: float
    #: one whole answer
    answer: bytes

    def share(self, part: float) -> float:
        """Return the wait that this part of all requests stayed below."""
        return self.waits[min(int(len(self.waits) * part), len(self.waits) - 1)]


class NotAcknowledged(AssertionError):
    """The server answered something else than 200."""


@dataclass(slots=True)
class Course:
    """What all clients of a slice share."""

    requests: Iterator[bytes]
    clients: int
    done: "asyncio.Future[None]"
    waits: list[float] = field(default_factory=list)
    answer: bytes = b""

    def left(self) -> None:
        self.clients -= 1
        if not self.clients and not self.done.done():
            self.done.set_result(None)

    def broken(self, answer: bytes) -> None:
        if not self.done.done():
            self.done.set_exception(NotAcknowledged(answer[:2000].decode(errors="replace")))


class Client(asyncio.Protocol):
    """One connection, kept open."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.received = b""
        self.sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def send(self) -> None:
        request = next(self.course.requests, None)
        if request is None:
            self.transport.close()
            self.course.left()
            return
        self.received = b""
        self.sent = perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, whole, body = self.received.partition(b"\r\n\r\n")
        if not whole or len(body) < content_length(head):
            return
        self.course.waits.append(perf_counter() - self.sent)
        if not head.startswith(b"HTTP/1.1 200"):
            self.course.broken(self.received)
            return
        self.course.answer = self.received
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.transport.is_closing():
            self.course.broken(f"the connection was lost ({exc})".encode())


def content_length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])


async def run(port: int, requests: Sequence[bytes], *, clients: int) -> Slice:
    """Send all requests through so many connections."""
    loop = asyncio.get_running_loop()
    course = Course(iter(requests), clients, loop.create_future())
    connected = [await loop.create_connection(lambda: Client(course), HOST, port) for _ in range(clients)]
    gc.collect()
    gc.disable()
    try:
        started = perf_counter()
        for _, client in connected:
            client.send()
        async with asyncio.timeout(PATIENCE):
            await course.done
        seconds = perf_counter() - started
    finally:
        gc.enable()
        for transport, _ in connected:
            transport.close()
    return Slice(tuple(sorted(course.waits)), seconds, course.answer)

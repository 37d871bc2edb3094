"""What each window of the browser is told: a new snapshot when something has changed, and which panel has news."""

import asyncio
import contextlib
from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.model import Member
from bot.sandbox.page.snapshot import Snapshots

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

#: seconds between two snapshots at least
CALM = 0.03
#: some changes nobody tells about; they are looked for after so many seconds
LOOK_AGAIN = 1.0
#: seconds after which a silent window is asked whether it is still there
HEARTBEAT = 20.0
#: seconds that a window has to answer to the end
GOODBYE = 1.0

#: what to compare to see that a panel has news
Marks = Callable[[], Mapping[str, Hashable]]


class Feeds:
    """All windows that are open."""

    def __init__(self, world: "Workspace", snapshots: Snapshots, marks: Marks) -> None:
        self._world = world
        self._snapshots = snapshots
        self._marks = marks
        self._wakes: dict[web.WebSocketResponse, asyncio.Event] = {}

    def wake(self) -> None:
        for wake in self._wakes.values():
            wake.set()

    async def listen(self) -> None:
        """Wake every window when something has changed, for ever."""
        while True:
            await self._next_change()
            self.wake()

    async def _next_change(self) -> None:
        looks = 0

        def changed() -> bool | None:
            nonlocal looks
            looks += 1
            return True if looks > 1 else None

        await self._world.changes.until(changed, timeout=LOOK_AGAIN)

    async def serve(self, request: web.Request, member: Member) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(timeout=GOODBYE, heartbeat=HEARTBEAT, compress=False)
        await socket.prepare(request)
        wake = self._wakes[socket] = asyncio.Event()
        telling = asyncio.create_task(self._tell(socket, member, wake))
        try:
            async for _ in socket:  # the page has nothing to say here; this ends when it leaves
                pass
        finally:
            del self._wakes[socket]
            telling.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await telling
        return socket

    async def _tell(self, socket: web.WebSocketResponse, member: Member, wake: asyncio.Event) -> None:
        shown, marks = "", self._marks()
        try:
            while True:
                wake.clear()
                snapshot = self._snapshots.take(member)
                if snapshot != shown:
                    shown = snapshot
                    await socket.send_str(f'{{"type": "snapshot", "now": {self._world.clock()}, {snapshot}}}')
                before, marks = marks, self._marks()
                for name in marks:
                    if marks[name] != before[name]:
                        await socket.send_json({"type": "panel", "name": name})
                await asyncio.sleep(CALM)
                await wake.wait()
        finally:
            await socket.close()

    async def close(self) -> None:
        await asyncio.gather(*(socket.close(code=1001) for socket in self._wakes))

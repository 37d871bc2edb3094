"""The page on the wire: HTTP and WebSocket on 127.0.0.1, for whoever has its key."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.model import CannotDo, Json
from bot.sandbox.page.acts import Acts
from bot.sandbox.page.botpanel import BotPanel
from bot.sandbox.page.capillary import CapillaryPanel
from bot.sandbox.page.clock import ClockPanel
from bot.sandbox.page.days import days_of
from bot.sandbox.page.feed import Feeds
from bot.sandbox.page.gate import Gate
from bot.sandbox.page.given import Malformed, sentence
from bot.sandbox.page.hand import Screens
from bot.sandbox.page.inspector import Inspector
from bot.sandbox.page.kajabi import KajabiPanel
from bot.sandbox.page.policy import PolicyPanel
from bot.sandbox.page.providers import Owned, ProviderPanel
from bot.sandbox.page.snapshot import Snapshots
from bot.sandbox.page.troubles import TroublesPanel
from bot.sandbox.page.unread import Seen
from bot.sandbox.page.worlds import World

HOST = "127.0.0.1"
STATIC = Path(__file__).parents[1] / "static"
KINDS = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
#: a file within JSON, in base64
LARGEST_BODY = 24 * 1024 * 1024
BAD_REQUEST = 400

Answered = Callable[[Json], Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class Page:
    """The running page. `url` opens it, and carries its key: whoever has it can do everything here."""

    url: str


@asynccontextmanager
async def open_page(world: World, *, port: int = 0, static: Path = STATIC) -> AsyncIterator[Page]:
    """Serve the page on 127.0.0.1, at a free port where none is named, for as long as the `async with` lasts."""
    gate = Gate()
    site = Site(world, files_in(static))
    runner = web.AppRunner(site.application(gate), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    listening = asyncio.create_task(site.feeds.listen())
    try:
        await web.TCPSite(runner, HOST, port).start()
        gate.port = runner.addresses[0][1]
        yield Page(f"http://{HOST}:{gate.port}/?key={gate.key}")
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await site.feeds.close()
        await runner.cleanup()


def files_in(folder: Path) -> dict[str, Path]:
    """The files that are served, by name: no other name leads anywhere."""
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.suffix in KINDS and path.is_file()
    }


class Site:
    """What can be asked for."""

    def __init__(self, world: World, files: Mapping[str, Path]) -> None:
        workspace = world.slack.workspace
        seen, screens = Seen(), Screens()
        self._workspace = workspace
        self._files = files
        self._acts = Acts(workspace, seen, screens)
        self._provider = ProviderPanel(_owned(world))
        self._troubles = TroublesPanel(world.slack, days_of(world.kajabi, world.capillary))
        self._bot = BotPanel(world.bot, clock=workspace.clock)
        self._inspector = Inspector(workspace)
        self._policy = PolicyPanel(world.policy)
        self._clock = ClockPanel(world.timeline)
        self.feeds = Feeds(workspace, Snapshots(workspace, seen, screens, self._clock), self._marks)

    def _marks(self) -> Mapping[str, Hashable]:
        return {
            "provider": self._provider.mark(),
            "troubles": (self._troubles.mark(), self._bot.mark()),
            "inspector": self._inspector.look(),
        }

    def application(self, gate: Gate) -> web.Application:
        app = web.Application(client_max_size=LARGEST_BODY, middlewares=[gate.check])
        app.on_response_prepare.append(gate.add_headers)
        app.router.add_get("/", self._index)
        app.router.add_get("/static/{name:.+}", self._static)
        app.router.add_get("/feed", self._feed)
        app.router.add_get("/shared/{file}", self._shared)
        app.router.add_post("/act", self._takes(self._acts.do))
        app.router.add_get("/panel/provider", self._shows(self._provider.shown))
        app.router.add_post("/panel/provider", self._takes(self._in_provider))
        app.router.add_get("/panel/troubles", self._shows(self._all_troubles))
        app.router.add_post("/panel/troubles", self._takes(self._switch))
        app.router.add_post("/panel/bot", self._takes(self._with_bot))
        app.router.add_get("/panel/inspector", self._inspect)
        app.router.add_get("/panel/policy", self._shows(self._policy.shown))
        app.router.add_post("/clock", self._takes(self._clock.do))
        return app

    # the page itself

    async def _index(self, _: web.Request) -> web.StreamResponse:
        return self._file("index.html")

    async def _static(self, request: web.Request) -> web.StreamResponse:
        return self._file(request.match_info["name"])

    def _file(self, name: str) -> web.StreamResponse:
        path = self._files.get(name)
        if path is None:
            return web.json_response({"ok": False, "error": "There is no such file."}, status=404)
        return web.FileResponse(path, headers={"Content-Type": f"{KINDS[path.suffix]}; charset=utf-8"})

    async def _shared(self, request: web.Request) -> web.StreamResponse:
        """A file that stands in a message or a form, to be kept: never shown, whatever is in it."""
        file = self._workspace.files.get(request.match_info["file"])
        if file is None or file.content is None or not file.shared:
            return web.json_response({"ok": False, "error": "There is no such file."}, status=404)
        kept = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
        return web.Response(
            body=file.content, content_type="application/octet-stream", headers={"Content-Disposition": kept}
        )

    async def _feed(self, request: web.Request) -> web.StreamResponse:
        first = next(member.id for member in self._workspace.members.values() if not member.bot)
        try:
            hand = self._acts.hand(request.query.get("as") or first)
        except CannotDo as problem:
            return web.json_response({"ok": False, "error": sentence(problem)}, status=404)
        return await self.feeds.serve(request, hand.member)

    # acts and panels

    async def _in_provider(self, given: Json) -> Json:
        done = self._provider.do(given)
        self.feeds.wake()
        return done

    def _all_troubles(self) -> Json:
        return self._troubles.shown() | {"bot": self._bot.shown()}

    async def _switch(self, given: Json) -> Json:
        return self._troubles.switch(given) | {"bot": self._bot.shown()}

    async def _with_bot(self, given: Json) -> Json:
        try:
            return await self._bot.do(given)
        finally:
            self.feeds.wake()

    async def _inspect(self, request: web.Request) -> web.StreamResponse:
        after = request.query.get("after", "0")
        if not (after.isascii() and after.isdigit()):
            return _answer({"ok": False, "error": "“after” must be a whole number."}, status=BAD_REQUEST)
        return _answer({"entries": self._inspector.entries(after=int(after))})

    def _shows(self, shown: Callable[[], Json]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def show(_: web.Request) -> web.StreamResponse:
            return _answer(shown())

        return show

    def _takes(self, answered: Answered) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """A thing to be done: what is wrong with it is said in a sentence."""

        async def take(request: web.Request) -> web.StreamResponse:
            try:
                return _answer(await answered(await _body(request)))
            except Malformed as problem:
                return _answer({"ok": False, "error": sentence(problem)}, status=BAD_REQUEST)
            except CannotDo as problem:
                return _answer({"ok": False, "error": sentence(problem)})

        return take


def _owned(world: World) -> list[Owned]:
    kajabi, capillary = KajabiPanel(world.kajabi), world.capillary
    return [kajabi] if capillary is None else [kajabi, CapillaryPanel(capillary)]


async def _body(request: web.Request) -> Json:
    try:
        body: Any = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise Malformed("That is not JSON.") from None
    if not isinstance(body, dict):
        raise Malformed("That is not a JSON object.")
    return body


def _answer(content: Json, *, status: int = 200) -> web.Response:
    return web.json_response(content, status=status)

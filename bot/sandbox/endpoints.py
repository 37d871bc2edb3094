"""What can be called on the local Slack by HTTP: the Web API, response URLs, uploads, downloads, the socket."""

import asyncio
import json
import time
from typing import Any

from aiohttp import web

from bot.sandbox import replies, webapi
from bot.sandbox.journal import Call
from bot.sandbox.model import Json, SlackError
from bot.sandbox.sockets import Sockets
from bot.sandbox.troubles import Trouble
from bot.sandbox.workspace import Workspace

LARGEST_BODY = 64 * 1024 * 1024
SERVER_ERROR = "<!DOCTYPE html><html><body>Server Error</body></html>"
SECRET_ARGS = ("token", "client_secret")


class Endpoints:
    def __init__(self, workspace: Workspace, sockets: Sockets) -> None:
        self.workspace = workspace
        self.sockets = sockets

    def application(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/link/", self._socket)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_get("/files-pri/{owner_file}/{name}", self._download)
        app.router.add_get("/files-pri/{owner_file}/download/{name}", self._download)
        app.router.add_post("/{link:(?:commands|actions|app)/.+}", self._reply_link)
        return app

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        given = await merged(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(given.get("token", ""))
        args = {name: value for name, value in given.items() if name not in SECRET_ARGS}
        record = Call(method, args, self.workspace.clock())
        self.workspace.journal.calls.append(record)
        started = time.perf_counter()
        try:
            return await self._answered(request, record, token)
        finally:
            record.seconds = time.perf_counter() - started
            self.workspace.changes.tell()

    async def _answered(self, request: web.Request, record: Call, token: str) -> web.StreamResponse:
        troubles = self.workspace.troubles
        trouble = Trouble("*", "drop") if troubles.down else troubles.take(record.method, record.args)
        record.trouble = trouble.kind if trouble else ""
        if trouble is not None:
            instead = await _in_trouble(trouble)
            if instead is not None:
                return _recorded(record, instead)
            if trouble.kind == "drop":
                return _broken_off(request)
        answer = webapi.call(self.workspace, record.method, record.args, token=token)
        response = _recorded(record, answer)
        return _broken_off(request) if trouble is not None and trouble.kind == "lose" else response

    async def _reply_link(self, request: web.Request) -> web.StreamResponse:
        given = await merged(request)
        record = Call("response_url", given, self.workspace.clock())
        self.workspace.journal.calls.append(record)
        trouble = self.workspace.troubles.take("response_url", given)
        if self.workspace.troubles.down or trouble is not None:
            record.trouble = trouble.kind if trouble else "drop"
            return _broken_off(request)
        try:
            replies.use_link(self.workspace, request.match_info["link"], given)
        except SlackError as refused:
            record.status, record.answer = 404, {"ok": False, "error": refused.code, "messages": refused.messages}
            return web.json_response({"ok": False, "error": refused.code}, status=record.status)
        record.status, record.answer = 200, {"ok": True}
        return web.Response(text="ok")

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if self.workspace.troubles.down:
            return _broken_off(request)
        return await self.sockets.accept(request)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        file = self.workspace.files.get(request.match_info["file"])
        if file is None or file.content is not None:
            return web.Response(status=404, text="no such upload")
        content = await _uploaded_bytes(request)
        if len(content) != file.announced_length:
            return web.Response(status=400, text="the length is not the one announced")
        file.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """With the token and its scope the bytes; without, the page to sign in, as Slack does."""
        file = self.workspace.files.get(request.match_info["owner_file"].rpartition("-")[2])
        known = request.headers.get("Authorization") == f"Bearer {self.workspace.bot_token}"
        if not known or "files:read" not in self.workspace.manifest.scopes:
            return web.Response(text="<!DOCTYPE html><html><body>Sign in</body></html>", content_type="text/html")
        if file is None or file.content is None:
            return web.Response(status=404)
        return web.Response(body=file.content, content_type="application/octet-stream")


async def merged(request: web.Request) -> Json:
    """The SDK sends some arguments in the query, some as form, some as JSON."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body: Any = json.loads(await request.read() or b"{}")
        except ValueError:
            return given
        return given | body if isinstance(body, dict) else given
    form = await request.post()
    return given | {name: value for name, value in form.items() if isinstance(value, str)}


async def _uploaded_bytes(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    parts = (await request.post()).values()
    files = [part.file.read() for part in parts if isinstance(part, web.FileField)]
    return files[0] if files else b""


async def _in_trouble(trouble: Trouble) -> webapi.Answer | None:
    """The answer that a trouble gives instead of the method, where it gives one."""
    match trouble.kind:
        case "refuse":
            return webapi.Answer({"ok": False, "error": trouble.detail})
        case "limit":
            error = {"ok": False, "error": "ratelimited"}
            return webapi.Answer(error, status=429, retry_after=int(trouble.detail))
        case "status":
            return webapi.Answer({}, status=int(trouble.detail))
        case "slow":
            await asyncio.sleep(float(trouble.detail))
    return None


def _recorded(record: Call, answer: webapi.Answer) -> web.Response:
    record.status, record.answer = answer.status, answer.body
    headers = {"x-oauth-scopes": answer.scopes, "x-accepted-oauth-scopes": answer.accepted}
    if answer.retry_after:
        headers["Retry-After"] = str(answer.retry_after)
    if not answer.body:
        return web.Response(status=answer.status, text=SERVER_ERROR, content_type="text/html")
    return web.json_response(answer.body, status=answer.status, headers=headers)


def _broken_off(request: web.Request) -> web.Response:
    """The connection closes before anything is written."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()

"""What a client gets: an answer, a part of one, one that takes its time or has no end, or none."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum

from aiohttp import web

from bot.sandbox.remote.answers import Answer

#: how much of a flood is written at once
CHUNK = b" " * 100_000


class Loss(Enum):
    """What the client gets instead of an answer."""

    SILENCE = "silence"
    CLOSED = "closed"


@dataclass(kw_only=True)
class Torn:
    """An answer of which only a part arrives."""

    answer: Answer


@dataclass(kw_only=True)
class Dripping:
    """An answer that comes byte by byte."""

    answer: Answer
    seconds: float


@dataclass(kw_only=True)
class Flood:
    """An answer with very much behind it."""

    answer: Answer
    size: int


Outcome = Answer | Loss | Torn | Dripping | Flood


async def send(request: web.BaseRequest, outcome: Outcome, *, closing: asyncio.Event) -> web.StreamResponse:
    """Send it; what would take for ever ends when the server closes."""
    match outcome:
        case Answer():
            return web.Response(status=outcome.status, body=outcome.body, headers=headers_of(outcome))
        case Dripping():
            return await _send_slowly(request, outcome, closing)
        case Flood():
            return await _send_too_much(request, outcome)
        case Torn(answer=answer):
            response = await _begun(request, answer, length=len(answer.body))
            await response.write(answer.body[: len(answer.body) // 2])
        case Loss.SILENCE:
            await closing.wait()
        case Loss.CLOSED:
            pass
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def answer_in(outcome: Outcome) -> Answer | None:
    if isinstance(outcome, Torn | Dripping | Flood):
        return outcome.answer
    return outcome if isinstance(outcome, Answer) else None


def headers_of(answer: Answer) -> dict[str, str]:
    return ({"Content-Type": answer.media_type} if answer.media_type else {}) | answer.headers


async def _send_slowly(request: web.BaseRequest, drip: Dripping, closing: asyncio.Event) -> web.StreamResponse:
    response = await _begun(request, drip.answer, length=len(drip.answer.body))
    for byte in drip.answer.body:
        if closing.is_set() or request.transport is None or request.transport.is_closing():
            break
        await response.write(bytes([byte]))
        await asyncio.sleep(drip.seconds)
    return response


async def _send_too_much(request: web.BaseRequest, flood: Flood) -> web.StreamResponse:
    """Send the answer and blanks behind it, which are JSON, too."""
    response = await _begun(request, flood.answer, length=len(flood.answer.body) + flood.size)
    await response.write(flood.answer.body)
    for _ in range(flood.size // len(CHUNK)):
        await response.write(CHUNK)
    return response


async def _begun(request: web.BaseRequest, answer: Answer, *, length: int) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers=headers_of(answer) | {"Content-Length": str(length)})
    await response.prepare(request)
    return response

"""What can go wrong on the way to a provider and back, to be switched on by name.

    timeout_before   nothing is done, and nothing answered (`closed=True`: the connection ends)
    timeout_after    the work is done, and nothing answered (`closed=True`: the connection ends)
    late             the work is done after `seconds`, whether or not the client still waits; then the answer
    slow             the same, but a client that is gone by then has asked for nothing
    held             waits until `release()`, before the work or (`done=True`) after it, then answers
    rate_limited     429, `retry_after` seconds; `as_date=True` as an HTTP date; None: without the header;
                     a text: as it is; `skew`: by a clock that is wrong by so many seconds
    server_error     500 with an error document; `done=True`: after the work
    unavailable      503 with an error document and, where given, `retry_after`; `done=True`: after the work
    html             a page instead of a document, with `status` 200 or another; `done=True`: after the work
    empty            the work is done; 204 and no body
    broken_json      the work is done; half a document with its full headers
    wrong_shape      the work is done; JSON that is no such document: `content`
    reset_mid_body   the work is done; the connection is reset within the body
    drip             the work is done; the answer comes byte by byte, one every `seconds`
    huge             the work is done; `size` bytes follow the answer
    expired_token    401, and the token used is worth nothing from now on
    forbidden        403
    lag              the work is done; reads see it after `seconds`, or after `reads` reads of each address
    forget           the answer of a success, and nothing is done
    other            nothing is done; an answer as given: `status`, `headers`, `body`

`lag` lets the next matching trouble happen too, so that a write can be both late to be seen and unanswered.
Of the others only the first that matches happens. A provider adds its own, and its own form of error documents.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from fnmatch import fnmatchcase
from inspect import signature
from types import TracebackType
from typing import Any, ClassVar, Self

from bot.sandbox.remote.answers import Answer, Incoming, Lag, page
from bot.sandbox.remote.wire import Dripping, Flood, Loss, Outcome, Torn

#: an error document of the provider, by its status; the words are its own
Refuse = Callable[[int], Answer]


@dataclass(kw_only=True)
class Scene:
    """One call and what a trouble may do with it."""

    call: Incoming
    work: Callable[[], Answer]
    pretend: Callable[[], Answer]
    refuse: Refuse
    spoil_token: Callable[[], None]
    client_waits: Callable[[], bool]
    released: asyncio.Event
    now: Callable[[], float]


async def timeout_before(_: Scene, *, closed: bool = False) -> Outcome:
    return Loss.CLOSED if closed else Loss.SILENCE


async def timeout_after(scene: Scene, *, closed: bool = False) -> Outcome:
    scene.work()
    return Loss.CLOSED if closed else Loss.SILENCE


async def late(scene: Scene, *, seconds: float = 1.0) -> Outcome:
    await pause(scene, seconds)
    return scene.work()


async def slow(scene: Scene, *, seconds: float = 1.0) -> Outcome:
    await pause(scene, seconds)
    return scene.work() if scene.client_waits() else Loss.CLOSED


async def held(scene: Scene, *, done: bool = False) -> Outcome:
    answer = scene.work() if done else None
    await scene.released.wait()
    return answer or scene.work()


async def rate_limited(
    scene: Scene, *, retry_after: int | str | None = 1, as_date: bool = False, skew: float = 0
) -> Outcome:
    answer = too_many(scene.refuse, scene.now() + skew, retry_after=retry_after, as_date=as_date)
    answer.headers["Date"] = formatdate(scene.now() + skew, usegmt=True)
    return answer


async def server_error(scene: Scene, *, done: bool = False) -> Outcome:
    if done:
        scene.work()
    return scene.refuse(500)


async def unavailable(scene: Scene, *, retry_after: int | None = None, done: bool = False) -> Outcome:
    if done:
        scene.work()
    answer = scene.refuse(503)
    if retry_after is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer


async def html(scene: Scene, *, status: int = 200, done: bool = False) -> Outcome:
    if done:
        scene.work()
    return page(status, "Just a moment...")


async def empty(scene: Scene) -> Outcome:
    answer = scene.work()
    return Answer(status=204, media_type=None) if answer.ok else answer


async def broken_json(scene: Scene) -> Outcome:
    answer = scene.work()
    answer.body = answer.body[: len(answer.body) // 2]
    return answer


async def wrong_shape(scene: Scene, *, content: Any = "surprise") -> Outcome:
    answer = scene.work()
    answer.body = json.dumps(content).encode()
    return answer


async def reset_mid_body(scene: Scene) -> Outcome:
    return Torn(answer=scene.work())


async def drip(scene: Scene, *, seconds: float = 0.1) -> Outcome:
    return Dripping(answer=scene.work(), seconds=seconds)


async def huge(scene: Scene, *, size: int = 300_000_000) -> Outcome:
    return Flood(answer=scene.work(), size=size)


async def expired_token(scene: Scene) -> Outcome:
    scene.spoil_token()
    return scene.work()


async def forbidden(scene: Scene) -> Outcome:
    return scene.refuse(403)


async def lag(scene: Scene, *, seconds: float | None = None, reads: int | None = None) -> None:
    """One read, where nothing is said."""
    scene.call.lag = Lag(seconds=seconds, reads=1 if seconds is None and reads is None else reads)


async def forget(scene: Scene) -> Outcome:
    return scene.pretend()


async def other(_: Scene, *, status: int = 200, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Outcome:
    return Answer(status=status, body=body, headers=dict(headers or {}))


Play = Callable[..., Awaitable[Outcome | None]]

COMMON: Mapping[str, Play] = {
    play.__name__: play
    for play in (
        timeout_before,
        timeout_after,
        late,
        slow,
        held,
        rate_limited,
        server_error,
        unavailable,
        html,
        empty,
        broken_json,
        wrong_shape,
        reset_mid_body,
        drip,
        huge,
        expired_token,
        forbidden,
        lag,
        forget,
        other,
    )
}


def too_many(refuse: Refuse, now: float, *, retry_after: int | str | None, as_date: bool) -> Answer:
    answer = refuse(429)
    if isinstance(retry_after, int) and as_date:
        answer.headers["Retry-After"] = formatdate(now + retry_after, usegmt=True)
    elif retry_after is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer


async def pause(scene: Scene, seconds: float) -> None:
    """A wait that a stopped trouble, or the end of the server, cuts short."""
    try:
        await asyncio.wait_for(scene.released.wait(), seconds)
    except TimeoutError:
        return


@dataclass(kw_only=True, eq=False)
class Trouble:
    """One trouble for some addresses, for a number of calls or until it is stopped."""

    plays: ClassVar[Mapping[str, Play]] = COMMON

    name: str
    method: str | None
    path: str
    times: int | None
    options: dict[str, Any]
    seen: int = 0
    stopped: bool = False
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        if self.name not in self.plays:
            raise LookupError(f"no trouble {self.name}; there are {', '.join(self.plays)}")
        signature(self.plays[self.name]).bind(None, **self.options)

    @property
    def over(self) -> bool:
        return self.stopped or (self.times is not None and self.seen >= self.times)

    def meets(self, call: Incoming) -> bool:
        return not self.over and self.method in {None, call.method} and fnmatchcase(call.path, self.path)

    async def play(self, scene: Scene) -> Outcome | None:
        self.seen += 1
        return await self.plays[self.name](scene, **self.options)

    def release(self) -> None:
        """Let the calls that wait in this trouble go on."""
        self.released.set()

    def stop(self) -> None:
        self.stopped = True
        self.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

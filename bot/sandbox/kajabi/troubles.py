"""What can go wrong on the way to Kajabi and back, beside what can with any provider (see `bot.sandbox.remote`).

    mistaken         the work is done; in the answer everything of a `kind` is another one: `instead` is its id
    refused          422 with `detail`
    foreign_next     the work is done; `links.next` leads to another `host`

Of these, too, only the first that matches happens.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from bot.sandbox.kajabi.answers import document, error
from bot.sandbox.remote.troubles import COMMON, Play, Scene
from bot.sandbox.remote.troubles import Trouble as AnyTrouble
from bot.sandbox.remote.wire import Outcome


async def mistaken(scene: Scene, *, kind: str, instead: str = "999999") -> Outcome:
    answer = scene.work()
    if answer.ok and answer.body:
        answer.body = json.dumps(renamed(json.loads(answer.body), kind, instead)).encode()
    return answer


async def refused(_: Scene, *, detail: str = "The change could not be made") -> Outcome:
    return error(422, detail, pointer="/data")


async def foreign_next(scene: Scene, *, host: str = "https://kajabi.example") -> Outcome:
    answer = scene.work()
    content = json.loads(answer.body)
    if answer.ok and isinstance(content.get("links"), dict):
        content["links"]["next"] = host + scene.call.target
        return document(content, status=answer.status)
    return answer


TROUBLES: Mapping[str, Play] = {**COMMON, **{play.__name__: play for play in (mistaken, refused, foreign_next)}}


def renamed(content: Any, kind: str, instead: str) -> Any:
    """The same content with another id for every resource of a kind."""
    if isinstance(content, list):
        return [renamed(one, kind, instead) for one in content]
    if not isinstance(content, dict):
        return content
    same = {name: renamed(one, kind, instead) for name, one in content.items()}
    return same | {"id": instead} if content.get("type") == kind and "id" in content else same


@dataclass(kw_only=True, eq=False)
class Trouble(AnyTrouble):
    plays: ClassVar[Mapping[str, Play]] = TROUBLES

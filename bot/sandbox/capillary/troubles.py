"""What can go wrong on the way to Capillary and back, beside what can with any provider (see `bot.sandbox.remote`).

    refused          nothing is done; each item of a bulk write fails with `code` and `detail`
    busy             the same with 521: something else is being done for this customer
    undecided        nothing is done; 503 with 4001: whether the client may do it cannot be told right now
    used_up          nothing is done; the answer looks like a success, with warning 8890 and no id
    mistaken         the work is done; the answer is about another customer: `instead` is the id

Of these, too, only the first that matches happens.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from bot.sandbox.capillary.answers import Refusal, errors, failed, json_body, said
from bot.sandbox.remote.answers import Answer, document
from bot.sandbox.remote.troubles import COMMON, Play, Scene
from bot.sandbox.remote.troubles import Trouble as AnyTrouble
from bot.sandbox.remote.wire import Outcome

#: ids of grants, which an answer at a limit lacks
IDS = ("issualId", "earnedId")


async def refused(scene: Scene, *, detail: str = "The change could not be made", code: int = 8888) -> Outcome:
    return _all_fail(scene, Refusal(code, detail))


async def busy(scene: Scene) -> Outcome:
    return _all_fail(scene, Refusal(521, "Multiple actions are running for the same customer, try again later"))


async def undecided(_: Scene) -> Outcome:
    return errors(4001, status=503)


async def used_up(scene: Scene) -> Outcome:
    answer = scene.pretend()
    content = json.loads(answer.body)
    for item in content["response"]:
        item["warnings"] = [said(8890)]
        item["result"] = {name: value for name, value in item.get("result", {}).items() if name not in IDS}
    return document(content, status=answer.status)


async def mistaken(scene: Scene, *, instead: int = 999_999) -> Outcome:
    answer = scene.work()
    return document(about_another(json.loads(answer.body), instead), status=answer.status)


TROUBLES: Mapping[str, Play] = {
    **COMMON,
    **{play.__name__: play for play in (refused, busy, undecided, used_up, mistaken)},
}


def about_another(content: Any, instead: int) -> Any:
    """The same content about another customer."""
    if isinstance(content, list):
        return [about_another(one, instead) for one in content]
    if not isinstance(content, dict):
        return content
    same = {name: about_another(one, instead) for name, one in content.items()}
    return same | {name: instead for name in ("entityId", "customerId", "entity", "userId") if name in same}


def _all_fail(scene: Scene, refusal: Refusal) -> Answer:
    customers = json_body(scene.call).get("customers")
    count = len(customers) if isinstance(customers, list) else 1
    content = {"response": [failed(refusal)] * count, "totalCount": count, "failureCount": count}
    return document(content)


@dataclass(kw_only=True, eq=False)
class Trouble(AnyTrouble):
    plays: ClassVar[Mapping[str, Play]] = TROUBLES

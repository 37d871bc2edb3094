"""Was everything that is owed told, once, in order, and does it say what is true?"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.notices import ALERTS, DIRECT, LINES, RESULTS
from bot.domain.term import DAY
from bot.sandbox import inputs
from bot.sandbox.sight import Message
from bot.sandbox.town import ALERTS as ALERTS_CHANNEL


@dataclass(frozen=True)
class Ending:
    """What is read at the end: on the card, and once each in the thread and by the requester."""

    card: str
    thread: str = ""
    direct: str = ""


ENDINGS = {
    "succeeded": Ending("✅ Done, verified", "✅ Done, verified", "✅ Done, verified"),
    "settled as done": Ending("✅ Settled as done", "✅ Settled as done", "✅ Settled as done"),
    "settled as not done": Ending("❌ Settled as not done", "❌ Settled as not done", "❌ Settled as not done"),
    "failed": Ending("❌ Failed:", "❌ Failed:", "❌ Failed:"),
    "unneeded": Ending("👌 Not needed:", "👌 Not needed:", "👌 Not needed:"),
    "denied": Ending("⛔ Denied", "denied it. Nothing was changed.", "denied it. Nothing was changed."),
    "expired": Ending("⌛ Expired", "⌛ Nobody decided in time", "⌛ Nobody decided in time"),
    "cancelled": Ending("↩️ Cancelled", "took it back. Nothing was changed."),
    "returned": Ending("", "", "↩️ Not asked yet"),
    "done in part": Ending("❌ Done only in part:", "❌ Done only in part:", "❌ Done only in part:"),
    "extended": Ending("✅ Extended:", "✅ Extended:", "✅ Extended:"),
    "given up": Ending("", "", "↩️ This end is skipped:"),
}
#: the same of lists
LISTS = {
    "succeeded": Ending("✅ Done:", "✅ Done:", "✅ Done:"),
    "partly": Ending("⚠️ Done only in part:", "⚠️ Done only in part:", "⚠️ Done only in part:"),
    "failed": Ending("❌ Failed:", "❌ Failed:", "❌ Failed:"),
    "unneeded": ENDINGS["unneeded"],
    "denied": ENDINGS["denied"],
    "expired": ENDINGS["expired"],
    "cancelled": ENDINGS["cancelled"],
}
#: what may not be read any more once it has ended
OPEN = ("⏳ Waiting", "⚙️ Under way", "👍 Approved", "❓ Unknown", "🔎 Being prepared")


def disagreements(evidence) -> Iterator[str]:
    rows = {one["key"]: one for one in evidence.messages}
    yield from (
        f"{key or 'something without a key'} was posted, and is owed to nobody"
        for key in evidence.posts
        if key not in rows
    )
    for request in evidence.requests:
        yield from _owed(evidence, request, rows)
    for row in evidence.messages:
        yield from _shown(evidence, row, rows)
    yield from _order(evidence)
    for request in evidence.requests:
        yield from _words(evidence, request)


def _owed(evidence, request, rows) -> Iterator[str]:
    """Every turn of events owes its messages."""
    if _of_list(request):
        yield from _together(evidence, request, rows)
        return
    name, on_the_screen = request["id"], request["size"] > 0
    events = evidence.of(evidence.events, request)
    for event, after in zip(events, [*events[1:], None], strict=True):
        about, nobody = event["name"], after is not None and "automatic" in after["data"]
        if request["size"] and about.startswith("change."):
            continue  # of a list only the whole is told
        if about in {"request.prepared", "request.drifted"}:
            on_the_screen = True
            version = event["data"]["version"]
            asked = [f"{name}/ask/{version}", *(f"{name}/ask/{version}/{one}" for one in event["data"]["outside"])]
            yield from (f"{key} is not owed" for key in [f"{name}/card", *([] if nobody else asked)] if key not in rows)
        kinds = [kind for kind, names in (("line", LINES), ("result", RESULTS)) if about in names and on_the_screen]
        if about in DIRECT | RESULTS and event["person"] != request["requester"]:
            kinds.append("direct")
        if about in ALERTS and request["channel"] != ALERTS_CHANNEL:
            kinds.append("alert")
        if request["size"] and (about in RESULTS or set(event["data"].get("rows", {})) - {"do"}):
            kinds.append("file")
        missing = [kind for kind in kinds if f"{name}/{kind}/{event['seq']}" not in rows]
        yield from (f"{name}: no {kind} is owed for {about}" for kind in missing)


def _of_list(request) -> bool:
    """Whether it takes back what one customer of a list was granted for a time."""
    return bool(json.loads(request["preview"]).get("of_list"))


def _together(evidence, request, rows) -> Iterator[str]:
    """Of such an end nothing is told by itself; that all of one day come to an end is told once."""
    for event in evidence.of(evidence.events, request):
        key = f"{request['parent']}/direct/ended/{int(request['planned'] // DAY)}"
        if event["name"] in RESULTS and key not in rows:
            yield f"{key} is not owed for {request['id']}"
    if alone := evidence.of(evidence.messages, request):
        yield f"{request['id']} belongs to a list, and is told by itself: {alone[0]['key']}"


def _shown(evidence, row, rows) -> Iterator[str]:
    """It stands in Slack once, where the store says, as new as it should be."""
    key, posts = row["key"], evidence.posts.get(row["key"], [])
    unasked = row["kind"] == "ask" and row["shown"] == 0 and row["gave_up"] is None
    if row["due"] is not None:
        yield f"{key} is still owed"
    elif len(posts) != (0 if unasked else 1):
        yield f"{key} stands in Slack {len(posts)} times"
    elif posts:
        if row["channel"] != posts[0].channel or row["ts"] not in {posts[0].ts, *(one.id for one in posts[0].files)}:
            yield f"{key} stands somewhere else than the store says"
        if row["shown"] != row["version"]:
            yield f"{key} is shown in version {row['shown']} of {row['version']}"
        above = rows[row["parent"]]["ts"] if row["parent"] else None
        if posts[0].thread_ts != above:
            yield f"{key} does not stand in its thread"


def _order(evidence) -> Iterator[str]:
    """In one place, and about one request, they came in the order in which they were owed."""
    places = defaultdict(list)
    for row in evidence.messages:
        if row["shown"] and (posts := evidence.posts.get(row["key"])):
            places[row["request_id"], row["recipient"], row["parent"]].append((float(posts[0].ts), row["key"]))
    for told in places.values():
        for (one, first), (next_one, second) in pairwise(told):
            if one > next_one:
                yield f"{second} was told before {first}"


def _words(evidence, request) -> Iterator[str]:
    if _of_list(request):
        return
    name, kind = request["id"], _kind(evidence, request)
    endings = LISTS if request["size"] else ENDINGS
    ending = endings.get(kind)
    if ending is None:
        yield f"{name} is {kind}, which is no ending"
        return
    card = evidence.post(f"{name}/card")
    if card is not None:
        yield from _card(evidence, request, _read(evidence, card), ending)
    elif ending.card:
        yield f"{name} is {kind}, and has no card"
    lines = [_read(evidence, one) for one in _posts(evidence, request, {"line", "result"})]
    directs = [_read(evidence, one) for one in _posts(evidence, request, {"direct"})]
    for place, read, wanted in (("thread", lines, ending.thread), ("direct messages", directs, ending.direct)):
        for words in {getattr(one, "thread" if place == "thread" else "direct") for one in endings.values()} - {""}:
            told = sum(words in one for one in read)
            if told != (words == wanted):
                yield f"{name} is {kind}, and its {place} say {told} times: {words}"
    for post in _posts(evidence, request, {"ask"}):
        offered = {element["action_id"] for _, element in inputs.elements(post.blocks)}
        if offered & {"approve", "deny"}:
            yield f"{name} is {kind}, and can still be approved or denied by a button"


def _card(evidence, request, read, ending) -> Iterator[str]:
    name, change = request["id"], evidence.main(request)
    title = evidence.titles[change["offer_id"]]
    done = [one["contact_name"] for one in evidence.of(evidence.changes, request) if one["state"] == "succeeded"]
    if ending.card not in read:
        yield f"{name} is {request['state']}, and its card does not say {ending.card!r}"
    others = {one.card for one in (LISTS if request["size"] else ENDINGS).values()} | set(OPEN)
    yield from (
        f"{name} is {request['state']}, and its card says {one!r}" for one in others - {"", ending.card} if one in read
    )
    verb = "now" if request["action"] == "grant" else "no longer"
    many = f"{len(done)} customer{'s' * (len(done) != 1)}" if request["size"] else "".join(done)
    has = f"{many} {verb} {'has' if len(done) == 1 else 'have'} {title}"
    if request["state"] in {"succeeded", "partly"} and has not in read:
        yield f"{name}: its card does not say that {has}"


def _kind(evidence, request) -> str:
    change = evidence.main(request)
    if request["size"]:
        return str(request["state"])
    if request["state"] == "succeeded" and change["verified"] is None:
        return "settled as done"
    if request["state"] == "failed" and change["error"] == "SettledAsNotDone":
        return "settled as not done"
    if request["state"] == "failed" and change["error"].startswith("InPart"):
        return "done in part"
    if request["state"] == "cancelled" and request["version"] == 0:
        return "returned"
    if request["state"] == "cancelled" and request["planned"] is not None:
        return "given up"
    if request["state"] == "unneeded" and any(one["parent"] == request["id"] for one in evidence.requests):
        return "extended"
    return str(request["state"])


def _posts(evidence, request, kinds):
    rows = [one for one in evidence.of(evidence.messages, request) if one["kind"] in kinds]
    return [post for one in rows for post in evidence.posts.get(one["key"], ())]


def _read(evidence, post) -> str:
    """As anybody reads it."""
    return " ".join(Message(evidence.town.workspace, evidence.town.olga.member, post).plain.split())

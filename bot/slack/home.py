"""What stands on somebody's Home? What waits for them, what they asked for, how things ended, what they may do."""

import json
import math
from collections.abc import Iterator, Sequence

from bot.domain.home import Entry, Leaf, Overview, Part, Place
from bot.domain.parsing import EXAMPLES, Verb
from bot.domain.request import Case, State
from bot.slack import cards, controls, outcomes, pausing, questions, replies, subjects, tallies
from bot.slack.content import buttons
from bot.slack.room import quotation
from bot.slack.subjects import Scene
from bot.slack.text import Block, context, date, mention, plain, safe, section, worth

TITLES = {
    Part.WAITING: "Waiting for you",
    Part.MINE: "Your requests",
    Part.ENDING: "Ends by itself",
    Part.ENDED: "Recent outcomes",
}
NOTHING = {
    Part.WAITING: "Nothing waits for your decision.",
    Part.MINE: "Nothing that you asked for is open.",
    Part.ENDING: "Nothing ends by itself.",
    Part.ENDED: "Nothing has ended yet.",
}
#: no row has a higher number
LARGEST = 2**53
FURTHER = "Nothing of yours among the first ones I looked at; there are more."
DIVIDER: Block = {"type": "divider"}


def home(overview: Overview, scene: Scene) -> Block:
    """Draw the whole view."""
    if overview.refusal is not None:
        blocks = [section(replies.sentence(overview.refusal))]
    else:
        blocks = [*_top(overview), *(block for part in _parts(overview) for block in _part(overview, part, scene))]
        blocks += [DIVIDER, *_bottom(overview)]
    return {"type": "home", "callback_id": "home", "blocks": blocks}


def _parts(overview: Overview) -> Sequence[Part]:
    """Name the lists that are shown; one that few people have is there only when something is on it."""
    empty = not overview.leaves.get(Part.ENDING, Leaf()).entries
    left_out = {Part.WAITING: not overview.decides, Part.ENDING: empty}
    return tuple(part for part in Part if not left_out.get(part))


# --- what one may do -------------------------------------------------------------------------------------------------


def _top(overview: Overview) -> Iterator[Block]:
    if overview.pause is not None:
        yield section(pausing.standing(overview.pause)) | _accessory(_resume() if overview.stops else None)
        yield DIVIDER
    yield section(_may(overview))
    yield {"type": "actions", "block_id": "may", "elements": _verbs(overview)}


def _may(overview: Overview) -> str:
    if overview.asking is not None:
        said = replies.sentence(overview.asking)
    else:
        said = "Ask me to grant an offer or to revoke one: I do it as soon as somebody else has approved."
    if overview.decides:
        return f"{said} You decide on what others ask, here or in the request’s thread."
    return f"{said} You may read what everybody asks." if overview.reads_all else said


def _verbs(overview: Overview) -> list[Block]:
    labels = [("ask_grant", "Grant an offer"), ("ask_revoke", "Revoke an offer")] if overview.asking is None else []
    return [_plain_button(label, action_id) for action_id, label in (*labels, ("look_up", "Look up a customer"))]


def _plain_button(label: str, action_id: str, **more: str) -> Block:
    return {"type": "button", "text": plain(label, 75), "action_id": action_id, **more}


def _bottom(overview: Overview) -> Iterator[Block]:
    if overview.stops and overview.pause is None:
        said = "Nothing holds me up: what is approved is carried out."
        yield section(said) | _accessory(_plain_button("Pause", "pause"))
    yield context(f"`{EXAMPLES[Verb.HELP]}` says what else there is.")


def _resume() -> Block:
    asks = {
        "title": plain("Let me go on?", 100),
        "text": plain("What is approved is carried out then, the oldest first.", 300),
        "confirm": plain("Resume", 30),
        "deny": plain("Back", 30),
    }
    return _plain_button("Resume", "resume") | {"confirm": asks}


def _accessory(one: Block | None) -> Block:
    return {"accessory": one} if one is not None else {}


# --- the lists -------------------------------------------------------------------------------------------------------


def _part(overview: Overview, part: Part, scene: Scene) -> Iterator[Block]:
    leaf = overview.leaves.get(part, Leaf())
    yield DIVIDER
    yield {"type": "header", "text": plain(TITLES[part], 150)}
    if not leaf.entries:
        yield context(NOTHING[part] if leaf.after is None else FURTHER)
    for number, entry in enumerate(leaf.entries):
        if part is Part.WAITING and number:
            yield DIVIDER
        draw = _question if part is Part.WAITING and entry.case.request.state is State.PENDING else _row
        yield from draw(entry, part, overview, scene)
    row = buttons(_turns(part, leaf), f"turn:{part.value}")
    if row is not None:
        yield row


def _turns(part: Part, leaf: Leaf) -> list[Block]:
    turns = [("turn_back", "Back", leaf.before), ("turn_on", "More", leaf.after)]
    return [_plain_button(label, name, value=_carried(part, at)) for name, label, at in turns if at is not None]


def _carried(part: Part, place: Place) -> str:
    return json.dumps([part.value, place.at, place.number, place.back])


def carried(value: str) -> tuple[Part, Place]:
    """Read what a button that turns a page carries; `ValueError` where it is none of ours."""
    try:
        part, at, number, back = json.loads(value)
        place = Place(float(at), int(number), back is True)
    except (TypeError, OverflowError, RecursionError) as error:
        raise ValueError("no place") from error
    if not math.isfinite(place.at) or abs(place.number) > LARGEST:
        raise ValueError("no place")
    return Part(part), place


def _question(entry: Entry, _: Part, __: Overview, scene: Scene) -> Iterator[Block]:
    """Show all that an approval is for, as the thread does, with the same two buttons."""
    case = entry.case
    request = case.request
    yield from questions.foreseen(case, scene)
    yield from quotation(request.reason)
    place = mention(request.place or request.channel)
    where = f"{mention(request.requester.id)} asked {date(request.created)} in {place}"
    until = f" · until {date(request.expires)}" if request.expires is not None else ""
    if progress := tallies.standing(case):
        yield section(progress)
    yield context(f"{_named(entry, scene)} · {where}{until}")
    row = [*questions.decisions(case, scene), controls.history(case)]
    yield {"type": "actions", "block_id": f"decide:{request.version}:{request.id}", "elements": row}


def _row(entry: Entry, part: Part, overview: Overview, scene: Scene) -> Iterator[Block]:
    """Say what was asked and how it stands; below it what can be done about that, by this person."""
    case = entry.case
    request = case.request
    others = f" · asked by {mention(request.requester.id)}" if part is not Part.MINE else " · asked"
    facts = f"{_named(entry, scene)} · {worth(request.offer)}{others} {date(request.created)}"
    said = f"*{safe(subjects.headline(case), 300)}*\n{facts}\n{_stands(case, scene)}"
    yield section(said) | {"accessory": controls.history(case)}
    row = buttons(_possible(case, part, overview), f"do:{part.value}:{request.id}")
    if row is not None:
        yield row


def _possible(case: Case, part: Part, overview: Overview) -> list[Block]:
    own = overview.person.id in case.request.askers
    found = controls.of_card(case) if part is not Part.ENDED else controls.of_ending(case)
    if own and case.request.state is State.PENDING and part is not Part.ENDED:
        found = [*controls.edit(case), *found]
    barred = {"settle", *(["cancel"] if case.request.is_end else [])} if own else set()
    shown = own or overview.decides
    return [one for one in found if one["action_id"] not in barred | {"details"}] if shown else []


def _stands(case: Case, scene: Scene) -> str:
    said = cards.standing(case, scene)
    advice = outcomes.advice(case, scene) if case.request.state in {State.FAILED, State.PARTLY, State.UNKNOWN} else ""
    return "\n".join(part for part in (said, advice) if part)


def _named(entry: Entry, scene: Scene) -> str:
    """Name the request, as a link to its card where it has one."""
    request_id = entry.case.request.id
    url = scene.link(*entry.card) if entry.card is not None else ""
    return f"<{url}|{request_id}>" if url else request_id

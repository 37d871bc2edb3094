"""What stands on somebody's Home? What waits for them, what they asked for, how things ended, what they may do."""

import json
import math
from collections.abc import Iterator, Sequence

from bot.domain.home import Entry, Leaf, Overview, Part, Place
from bot.domain.request import Case, State
from bot.slack import controls, questions
from bot.slack.blocks import Block, context, plain, section
from bot.slack.content import buttons
from bot.slack.room import quotation
from bot.words import home as words
from bot.words import labels, outcomes, pausing, refusals, tallies
from bot.words.cards import standing
from bot.words.scene import Scene

#: no row has a higher number
LARGEST = 2**53
DIVIDER: Block = {"type": "divider"}


def home(overview: Overview, scene: Scene) -> Block:
    """Draw the whole view."""
    if overview.refusal is not None:
        blocks = [section(refusals.sentence(overview.refusal))]
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
    yield section(words.may(overview))
    yield {"type": "actions", "block_id": "may", "elements": _verbs(overview)}


def _verbs(overview: Overview) -> list[Block]:
    asks = [("ask_grant", labels.ASK_GRANT), ("ask_revoke", labels.ASK_REVOKE)] if overview.asking is None else []
    return [_plain_button(label, action_id) for action_id, label in (*asks, ("look_up", labels.LOOK_UP))]


def _plain_button(label: str, action_id: str, **more: str) -> Block:
    return {"type": "button", "text": plain(label, 75), "action_id": action_id, **more}


def _bottom(overview: Overview) -> Iterator[Block]:
    if overview.stops and overview.pause is None:
        yield section(words.GOING) | _accessory(_plain_button(labels.PAUSE, "pause"))
    yield context(words.HELP)


def _resume() -> Block:
    asks = {
        "title": plain(words.RESUME, 100),
        "text": plain(words.RESUME_TEXT, 300),
        "confirm": plain(labels.RESUME, 30),
        "deny": plain(labels.BACK, 30),
    }
    return _plain_button(labels.RESUME, "resume") | {"confirm": asks}


def _accessory(one: Block | None) -> Block:
    return {"accessory": one} if one is not None else {}


# --- the lists -------------------------------------------------------------------------------------------------------


def _part(overview: Overview, part: Part, scene: Scene) -> Iterator[Block]:
    leaf = overview.leaves.get(part, Leaf())
    yield DIVIDER
    yield {"type": "header", "text": plain(words.TITLES[part], 150)}
    if not leaf.entries:
        yield context(words.NOTHING[part] if leaf.after is None else words.FURTHER)
    for number, entry in enumerate(leaf.entries):
        if part is Part.WAITING and number:
            yield DIVIDER
        draw = _question if part is Part.WAITING and entry.case.request.state is State.PENDING else _row
        yield from draw(entry, part, overview, scene)
    row = buttons(_turns(part, leaf), f"turn:{part.value}")
    if row is not None:
        yield row


def _turns(part: Part, leaf: Leaf) -> list[Block]:
    turns = [("turn_back", labels.BACK, leaf.before), ("turn_on", labels.MORE, leaf.after)]
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
    if progress := tallies.standing(case):
        yield section(progress)
    yield context(words.asked(entry, scene))
    row = [*questions.decisions(case, scene), controls.history(case)]
    yield {"type": "actions", "block_id": f"decide:{request.version}:{request.id}", "elements": row}


def _row(entry: Entry, part: Part, overview: Overview, scene: Scene) -> Iterator[Block]:
    """Say what was asked and how it stands; below it what can be done about that, by this person."""
    case = entry.case
    request = case.request
    said = words.row(entry, scene, own=part is Part.MINE) + f"\n{_stands(case, scene)}"
    yield section(said) | {"accessory": controls.history(case)}
    row = buttons(_possible(case, part, overview), f"do:{part.value}:{request.id}")
    if row is not None:
        yield row


def _possible(case: Case, part: Part, overview: Overview) -> list[Block]:
    own = overview.person.id in case.request.askers
    found = controls.of_card(case) if part is not Part.ENDED else controls.of_ending(case)
    if own and case.request.state is State.PENDING and part is not Part.ENDED:
        found = [*controls.edit(case), *found]
    barred = {"settle", *(["cancel", "edit"] if case.request.planned is not None else [])} if own else set()
    shown = own or overview.decides
    return [one for one in found if one["action_id"] not in barred | {"details"}] if shown else []


def _stands(case: Case, scene: Scene) -> str:
    said = standing(case, scene)
    advice = outcomes.advice(case, scene) if case.request.state in {State.FAILED, State.PARTLY, State.UNKNOWN} else ""
    return "\n".join(part for part in (said, advice) if part)

"""A person whose hand is the page: what they touch is named by where it stands, not by how it reads."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.sandbox import client, fields, inputs, render, shapes
from bot.sandbox.actors import Person
from bot.sandbox.model import CannotDo, File, Json, Member, Post, View
from bot.sandbox.page.states import Client
from bot.sandbox.sight import Message

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

GONE = "That message is not there any more."
BUTTONS = ("button", "icon_button", "workflow_button")
#: docs.slack.dev/reference/block-kit/block-elements/file-input-element
MOST_FILES = 10
Spot = tuple[str, str, str]


@dataclass
class Screens:
    """What the clients of all people remember: options that came for what was typed, forms that are on their way."""

    offered: dict[Spot, dict[str, Json]] = field(default_factory=dict)
    sending: set[str] = field(default_factory=set)


class Hand(Person):
    """Reaches only what is before the eyes: a message in sight, the form on top, the Home tab."""

    def __init__(self, world: "Workspace", member: Member, screens: Screens) -> None:
        super().__init__(world, member)
        self._screens = screens

    # what is touched

    def message(self, channel: str, ts: str) -> Message:
        place = self._world.channels.get(channel)
        asides = (one for one in self.member.asides if (one.channel, one.ts) == (channel, ts))
        post = place.posts.get(ts) if place else None
        post = post or next(asides, None)
        if post is None:
            raise CannotDo(GONE)
        message = Message(self._world, self.member, post)
        self._visible(message)
        return message

    def _top(self, view_id: str) -> View:
        view = self._form()
        if view.id != view_id:
            raise CannotDo("That form is not open on top any more.")
        return view

    def shown(self, where: Json) -> Post | View:
        """`{"message": {"channel", "ts"}}`, `{"view": id}` or `{"home": true}`."""
        self._is_there()
        match where:
            case {"message": {"channel": str(channel), "ts": str(ts)}}:
                return self.message(channel, ts).post
            case {"view": str(view_id)}:
                return self._top(view_id)
            case {"home": True} if self.member.home is not None:
                return self.member.home
        raise CannotDo("That is not on the screen.")

    def _operable(self, shown: Post | View, block_id: str, action_id: str) -> inputs.Operated:
        for block, element in inputs.elements(shown.blocks):
            there = block["block_id"] == block_id and element.get("action_id") == action_id
            if there and render.visible(element, self.id):
                return block, element
        raise CannotDo("That has changed in the meantime; look again.")

    # buttons and fields

    async def press(self, where: Json, *, block_id: str, action_id: str, value: str | None = None) -> None:
        shown = self.shown(where)
        operated = self._operable(shown, block_id, action_id)
        if operated[1]["type"] not in BUTTONS:
            raise CannotDo("That is not a button.")
        if value is not None and value != operated[1].get("value", value):
            raise CannotDo("That button has changed in the meantime; look again.")
        await self._operates(shown, operated, state=None)

    async def choose(self, where: Json, *, block_id: str, action_id: str, state: Json) -> None:
        shown = self.shown(where)
        operated = self._operable(shown, block_id, action_id)
        if operated[1]["type"] == "overflow":
            wanted = (state.get("selected_option") or {}).get("value")
            found = [option for option in operated[1]["options"] if option.get("value") == wanted]
            if not found:
                raise CannotDo("that option is not offered")
            await self._operates(shown, operated, state={"selected_option": found[0]})
            return
        await self._enter(shown, operated, state, dispatch=True)

    async def fill(self, view_id: str, *, block_id: str, action_id: str, state: Json, dispatch: bool = True) -> None:
        """Enter a value in the open form; without `dispatch` it is typed and not yet finished with Enter."""
        self._is_there()
        view = self._top(view_id)
        await self._enter(view, self._operable(view, block_id, action_id), state, dispatch=dispatch)

    async def _enter(self, shown: Post | View, operated: inputs.Operated, wanted: Json, *, dispatch: bool) -> None:
        block, element = operated
        if element["type"] not in inputs.STATE_KEYS:
            raise CannotDo("Nothing can be entered there.")
        now = shown.values.get(block["block_id"], {}).get(element["action_id"])
        spot = self._spot(shown, operated)
        eyes = Client(self._world, self.member, offered=self._screens.offered.get(spot, {}).values(), now=now)
        state = eyes.state(element, wanted)
        # Enter in a text sends it again; choosing what is chosen already does nothing
        if state == now and "value" not in state:
            return
        await self._set(shown, operated, state, dispatch=dispatch)

    async def _set(self, shown: Post | View, operated: inputs.Operated, state: Json, *, dispatch: bool) -> None:
        block, element = operated
        shown.values.setdefault(block["block_id"], {})[element["action_id"]] = state
        if isinstance(shown, View):
            shown.errors.pop(block["block_id"], None)
        self._world.changes.tell()
        if dispatch and (block["type"] != "input" or block.get("dispatch_action")):
            await self._operates(shown, operated, state=state)

    async def suggest(self, where: Json, *, block_id: str, action_id: str, text: str) -> list[Json]:
        """The options of an external select in a form or in the Home tab, for what was typed."""
        view = self.shown(where)
        if isinstance(view, Post):
            raise CannotDo("Selects in messages ask for no options here.")
        operated = self._operable(view, block_id, action_id)
        if operated[1]["type"] not in ("external_select", "multi_external_select"):
            raise CannotDo("That select does not ask for options.")
        options = await self._suggested(view, operated, text)
        everybody = self._world.members.values()
        open_now = {one.id for member in everybody for one in (*member.modals, member.home) if one is not None}
        remembered = {spot: known for spot, known in self._screens.offered.items() if spot[0] in open_now}
        remembered.setdefault(self._spot(view, operated), {}).update({one["value"]: one for one in options})
        self._screens.offered = remembered
        return options

    def _spot(self, shown: Post | View, operated: inputs.Operated) -> Spot:
        place = shown.id if isinstance(shown, View) else shown.ts
        return place, operated[0]["block_id"], operated[1]["action_id"]

    async def upload(self, view_id: str, *, block_id: str, action_id: str, name: str, content: bytes) -> Json:
        """Put a file into a field; the file as the app will see it is returned."""
        self._is_there()
        view = self._top(view_id)
        operated = self._operable(view, block_id, action_id)
        block, element = operated
        if element["type"] != "file_input":
            raise CannotDo("No file can be put there.")
        held: list[Json] = view.values[block["block_id"]][action_id]["files"]
        most = element.get("max_files", MOST_FILES)
        kept = [] if most == 1 else held
        if len(kept) >= most:
            raise CannotDo(f"You can upload up to {most} files.")
        file = self._accepted(element, name, content)
        shown = shapes.file_object(file, self._world)
        await self._set(view, operated, {"type": "file_input", "files": [*kept, shown]}, dispatch=True)
        return shown

    def _accepted(self, element: Json, name: str, content: bytes) -> File:
        plain = name.replace("\\", "/").rpartition("/")[2].strip()
        kinds = [kind.casefold() for kind in element.get("filetypes") or []]
        if not plain:
            raise CannotDo("The file has no name.")
        if kinds and plain.rpartition(".")[2].casefold() not in kinds:
            raise CannotDo(f"Only these kinds of file can be uploaded here: {', '.join(kinds)}.")
        return self._attached(plain, content)

    # forms

    async def submit(self, view_id: str) -> dict[str, str]:
        """Send the form on top; what the client or the app finds wrong stands at the fields."""
        self._is_there()
        view = self._top(view_id)
        if view.id in self._screens.sending:
            raise CannotDo("The form is being sent.")
        missing = fields.complaints(view)
        if missing:
            view.errors = missing
            self._world.changes.tell()
            return missing
        self._screens.sending.add(view.id)
        self._world.changes.tell()
        try:
            refused = await self.submits()
        finally:
            self._screens.sending.discard(view.id)
            self._world.changes.tell()
        if "" in refused:
            raise CannotDo(refused[""])
        return refused

    async def close(self, view_id: str, *, all_of_them: bool) -> None:
        self._is_there()
        self._top(view_id)
        await client.close(self._world, self.member, all_of_them=all_of_them)

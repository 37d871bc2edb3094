"""Filling in forms, and operating what stands in messages and views."""

from typing import Any

from bot.sandbox import client, fields, inputs, payloads, shapes, sight
from bot.sandbox.model import CannotDo, File, Json, Post, View
from bot.sandbox.onlooker import Onlooker
from bot.sandbox.sight import Message

DEFAULT_QUERY_LENGTH = 3


class Operator(Onlooker):
    """Somebody with a hand on the mouse."""

    async def fills(self, **values: Any) -> None:
        """Enter values in the open form, field by field; None clears one."""
        for name, value in values.items():
            view, operated = self._field(name)
            block, element = operated
            state = await self._entered(view, operated, value)
            view.values[block["block_id"]][element["action_id"]] = state
            view.errors.pop(block["block_id"], None)
            self._world.changes.tell()
            if block["type"] != "input" or block.get("dispatch_action"):
                payload = payloads.action_in_view(self._world, self.member, view, operated=operated, state=state)
                await client.interact(self._world, self.member, payload)

    async def _entered(self, view: View, operated: inputs.Operated, value: Any) -> Json:
        kind = operated[1]["type"]
        if value is None or kind not in ("external_select", "multi_external_select", "file_input"):
            return fields.state_for(self._world, operated[1], value)
        if kind == "file_input":
            return {"type": kind, "files": [shapes.file_object(self._attached(*value), self._world)]}
        if kind == "external_select":
            options = await self._suggested(view, operated, str(value))
            return {"type": kind, "selected_option": fields.pick(options, str(value))}
        wanted = value if isinstance(value, list | tuple) else [value]
        picked = [fields.pick(await self._suggested(view, operated, str(one)), str(one)) for one in wanted]
        return {"type": kind, "selected_options": picked}

    async def suggests(self, field: str, text: str) -> list[Json]:
        """The options shown after typing this into an external select."""
        view, operated = self._field(field)
        return await self._suggested(view, operated, text)

    async def _suggested(self, view: View, operated: inputs.Operated, text: str) -> list[Json]:
        least = operated[1].get("min_query_length", DEFAULT_QUERY_LENGTH)
        if len(text) < least:
            raise CannotDo(f"Slack asks for options after {least} characters, not for {text!r}")
        return await client.suggest(self._world, self.member, view, operated=operated, typed=text)

    async def submits(self, **values: Any) -> dict[str, str]:
        """Fill in and send the form; the errors at its fields, or {} when it was taken."""
        await self.fills(**values)
        view = self._form()
        if not view.body.get("submit"):
            raise CannotDo("the form has nothing to send it with")
        refused = fields.complaints(view)
        if refused:
            raise CannotDo(f"Slack does not send the form: {refused}")
        return await client.submit(self._world, self.member, view)

    async def closes(self, *, all_of_them: bool = False) -> None:
        """Close the form on top, or the whole stack (the cross in the corner)."""
        self._form()
        await client.close(self._world, self.member, all_of_them=all_of_them)

    async def presses(self, button: str, message: Message | None = None, *, value: str | None = None) -> None:
        """A button by its action_id or its words, in a message, else in the form or Home; says yes to a question."""
        self._is_there()
        shown = self._before_the_eyes(message)
        found = [
            (block, element)
            for block, element in sight.buttons(shown, self.member)
            if button in (element["action_id"], element["text"]["text"]) and value in (None, element.get("value"))
        ]
        if len(found) != 1:
            there = [element["text"]["text"] for _, element in sight.buttons(shown, self.member)]
            why = "several; say which value" if found else f"it has {there}"
            raise CannotDo(f"{self.name} cannot press {button!r}: {why}")
        await self._operates(shown, found[0], state=None)

    async def chooses(self, action_id: str, option: str, message: Message | None = None) -> None:
        """An option of a select, of radio buttons or of an overflow menu that acts at once."""
        self._is_there()
        shown = self._before_the_eyes(message)
        found = next((one for one in inputs.elements(shown.blocks) if one[1]["action_id"] == action_id), None)
        if found is None:
            raise CannotDo(f"there is no {action_id!r} to choose from")
        block, element = found
        if element["type"] == "overflow":
            state = {"selected_option": fields.pick(element["options"], option)}
        else:
            state = fields.state_for(self._world, element, option)
            shown.values[block["block_id"]][action_id] = state
        await self._operates(shown, found, state=state)

    async def _operates(self, shown: Post | View, operated: inputs.Operated, *, state: Json | None) -> None:
        world, member = self._world, self.member
        if isinstance(shown, View):
            payload = payloads.action_in_view(world, member, shown, operated=operated, state=state)
        else:
            payload = payloads.action_in_message(world, member, shown, operated=operated, state=state)
        await client.interact(world, member, payload)

    def _field(self, name: str) -> tuple[View, inputs.Operated]:
        view = self._form()
        return view, fields.find(view, name)

    def _attached(self, name: str, content: bytes) -> File:
        world = self._world
        file = File(world.ids.new("F"), name, self.id, content=content, created=int(world.clock()), shared=True)
        world.files[file.id] = file
        return file

"""Triggers, the stack of modals and the Home tab: which view may be opened, replaced and closed when."""

from typing import TYPE_CHECKING

from bot.sandbox import inputs
from bot.sandbox.blockkit import check_view
from bot.sandbox.model import Json, Member, SlackError, Trigger, View

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

TRIGGER_SECONDS = 3.0
STACK = 3


class Modals:
    """docs.slack.dev/surfaces/modals."""

    def __init__(self, world: "Workspace") -> None:
        self._world = world
        self._triggers: dict[str, Trigger] = {}
        self._views: dict[str, View] = {}

    def trigger(self, member: Member, *, in_view: bool = False) -> str:
        """A fresh `trigger_id`, for the payload of something this person just did."""
        world = self._world
        key = f"{world.ids.new('9')}.{world.ids.new('8')}.{world.new_token(8)}"
        self._triggers[key] = Trigger(member.id, world.clock() + TRIGGER_SECONDS, in_view)
        return key

    def open(self, trigger_id: str, body: Json) -> View:
        """views.open: a new stack; within a modal, one more on top."""
        self._check(body, kind="modal")
        trigger, owner = self._exchange(trigger_id)
        if not trigger.in_view:
            self._forget(owner.modals)
            owner.modals.clear()
        return self._stack(owner, body)

    def push(self, trigger_id: str, body: Json) -> View:
        self._check(body, kind="modal")
        trigger, owner = self._exchange(trigger_id)
        if not trigger.in_view or not owner.modals:
            raise SlackError("not_found", messages=["[ERROR] views.push needs a trigger from inside a modal"])
        return self._stack(owner, body)

    def update(self, body: Json, *, view_id: str = "", external_id: str = "", hash: str = "") -> View:  # noqa: A002 - the word Slack uses
        view = self._views.get(view_id) if view_id else self._by_external_id(external_id)
        if view is None:
            raise SlackError("not_found")
        if hash and hash != view.hash:
            raise SlackError("hash_conflict")
        return self.replace(view, body)

    def publish(self, owner: Member, body: Json, *, hash: str = "") -> View:  # noqa: A002 - the word Slack uses
        if owner.home is not None:
            return self.update(body, view_id=owner.home.id, hash=hash)
        self._check(body, kind="home")
        owner.home = self._new(owner, body)
        return owner.home

    def put_on_top(self, owner: Member, body: Json) -> View:
        """What an acknowledged submission pushes: no trigger is needed."""
        self._check(body, kind="modal")
        return self._stack(owner, body)

    def _stack(self, owner: Member, body: Json) -> View:
        if len(owner.modals) >= STACK:
            raise SlackError("push_limit_reached")
        view = self._new(owner, body)
        owner.modals.append(view)
        return view

    def replace(self, view: View, body: Json) -> View:
        """New content for a view; what was typed stays where block and action ids stayed."""
        self._check(body, kind=view.body["type"], instead_of=view)
        view.body = body | {"blocks": inputs.with_ids(body["blocks"], fresh=self._world.ids)}
        view.values = inputs.values_of(view.blocks, kept=view.values)
        view.errors = {}
        view.hash = self._new_hash()
        self._world.changes.tell()
        return view

    def close(self, owner: Member, *, all_of_them: bool = False) -> list[View]:
        """Take the top view away, or the whole stack; answers what was closed, the top first."""
        closed = list(reversed(owner.modals)) if all_of_them else owner.modals[-1:]
        del owner.modals[len(owner.modals) - len(closed) :]
        self._forget(closed)
        self._world.changes.tell()
        return closed

    def _exchange(self, trigger_id: str) -> tuple[Trigger, Member]:
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._world.clock() > trigger.expires:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger, self._world.members[trigger.owner]

    def _new(self, owner: Member, body: Json) -> View:
        blocks = inputs.with_ids(body["blocks"], fresh=self._world.ids)
        key = self._world.ids.new("V")
        modal = body["type"] == "modal"
        previous = owner.modals[-1].id if modal and owner.modals else None
        root = owner.modals[0].id if modal and owner.modals else key
        view = View(key, owner.id, body | {"blocks": blocks}, self._new_hash(), root, previous)
        view.values = inputs.values_of(blocks, kept={})
        self._views[key] = view
        self._world.changes.tell()
        return view

    def _check(self, body: object, *, kind: str, instead_of: View | None = None) -> None:
        if not isinstance(body, dict) or body.get("type") != kind:
            raise SlackError("invalid_arguments", messages=[f'[ERROR] expected a view of type "{kind}" [/view/type]'])
        faults = check_view(body)
        if faults:
            raise SlackError(faults[0].code, messages=[f"[ERROR] {fault}" for fault in faults])
        same_name = self._by_external_id(body.get("external_id", ""))
        if same_name is not None and same_name is not instead_of:
            raise SlackError("duplicate_external_id")

    def _by_external_id(self, external_id: str) -> View | None:
        found = (view for view in self._views.values() if view.body.get("external_id") == external_id)
        return next(found, None) if external_id else None

    def _forget(self, views: list[View]) -> None:
        for view in views:
            self._views.pop(view.id, None)

    def _new_hash(self) -> str:
        return f"{int(self._world.clock())}.{self._world.new_token(4)}"

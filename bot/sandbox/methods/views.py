"""views.*: modals and the Home tab."""

from typing import TYPE_CHECKING

from bot.sandbox import shapes
from bot.sandbox.methods import places
from bot.sandbox.methods.args import Args
from bot.sandbox.model import Json, SlackError

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace


def open_(world: "Workspace", args: Args) -> Json:
    view = world.modals.open(args.needed("trigger_id"), _body(args))
    return {"view": shapes.view_object(view, world)}


def push(world: "Workspace", args: Args) -> Json:
    view = world.modals.push(args.needed("trigger_id"), _body(args))
    return {"view": shapes.view_object(view, world)}


def update(world: "Workspace", args: Args) -> Json:
    view_id, external_id = args.text("view_id"), args.text("external_id")
    if bool(view_id) == bool(external_id):
        raise SlackError("invalid_arguments", messages=["[ERROR] give either view_id or external_id"])
    view = world.modals.update(_body(args), view_id=view_id, external_id=external_id, hash=args.text("hash"))
    return {"view": shapes.view_object(view, world)}


def publish(world: "Workspace", args: Args) -> Json:
    if not world.manifest.home_tab:
        raise SlackError("not_enabled")
    owner = places.known_member(world, args.needed("user_id"))
    view = world.modals.publish(owner, _body(args), hash=args.text("hash"))
    return {"view": shapes.view_object(view, world)}


def _body(args: Args) -> Json:
    view = args.tree("view")
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", messages=["[ERROR] must provide an object [json-pointer:/view]"])
    return view

"""auth.* and apps.*: who the token is, and the way to a socket."""

from typing import TYPE_CHECKING

from bot.sandbox.methods.args import Args
from bot.sandbox.model import Json, SlackError

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace


def auth_test(world: "Workspace", _: Args) -> Json:
    return {
        "url": f"https://{world.team_domain}.slack.com/",
        "team": "Sandbox",
        "user": world.bot.name.casefold(),
        "team_id": world.team_id,
        "user_id": world.bot.id,
        "bot_id": world.bot_id,
        "is_enterprise_install": False,
    }


def api_test(_: "Workspace", args: Args) -> Json:
    return {"args": args.given}


def connections_open(world: "Workspace", _: Args) -> Json:
    if world.delivery is None:
        raise SlackError("service_unavailable")
    return {"url": world.delivery.sockets.new_address(world.base_url)}

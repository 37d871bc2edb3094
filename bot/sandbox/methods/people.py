"""users.*, usergroups.*, bots.*, team.*: who is there."""

from typing import TYPE_CHECKING

from bot.sandbox import shapes
from bot.sandbox.methods import places
from bot.sandbox.methods.args import Args
from bot.sandbox.model import Json, SlackError

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace


def info(world: "Workspace", args: Args) -> Json:
    member = places.known_member(world, args.needed("user"))
    return {"user": shapes.user_object(member, world, locale=args.flag("include_locale"))}


def list_(world: "Workspace", args: Args) -> Json:
    page, more = args.page(list(world.members.values()), default=1000)
    locale = args.flag("include_locale")
    people = [shapes.user_object(member, world, locale=locale) for member in page]
    return {"members": people, "cache_ts": int(world.clock())} | more


def by_email(world: "Workspace", args: Args) -> Json:
    wanted = args.needed("email").casefold()
    for member in world.members.values():
        if member.email.casefold() == wanted and not member.deleted:
            return {"user": shapes.user_object(member, world)}
    raise SlackError("users_not_found")


def groups(world: "Workspace", args: Args) -> Json:
    users, disabled = args.flag("include_users"), args.flag("include_disabled")
    found = [group for group in world.groups.values() if disabled or not group.disabled]
    return {"usergroups": [shapes.group_object(group, world, users=users) for group in found]}


def group_members(world: "Workspace", args: Args) -> Json:
    group = world.groups.get(args.needed("usergroup"))
    if group is None or (group.disabled and not args.flag("include_disabled")):
        raise SlackError("no_such_subteam")
    return {"users": list(group.members)}


def bot(world: "Workspace", args: Args) -> Json:
    if args.needed("bot") != world.bot_id:
        raise SlackError("bot_not_found")
    return {"bot": shapes.bot_profile(world)}


def team(world: "Workspace", args: Args) -> Json:
    if args.text("team", world.team_id) != world.team_id:
        raise SlackError("team_not_found")
    return {"team": {"id": world.team_id, "name": "Sandbox", "domain": world.team_domain}}

"""What an app answers to a person: in the acknowledgement of a command, or through a `response_url`."""

from typing import TYPE_CHECKING

from bot.sandbox import shapes
from bot.sandbox.methods import chat, places
from bot.sandbox.methods.args import Args
from bot.sandbox.model import Channel, Json, Member, Post, ReplyLink, SlackError

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

MOST_USES = 5


def use_link(world: "Workspace", key: str, given: Json) -> None:
    """docs.slack.dev/interactivity/handling-user-interaction#message_responses."""
    link = world.reply_links.get(key)
    if link is None:
        raise SlackError("no_team")
    if world.clock() > link.expires:
        raise SlackError("expired_url")
    if link.uses >= MOST_USES:
        raise SlackError("used_url")
    link.uses += 1
    _carry_out(world, link, Args(given))


def _carry_out(world: "Workspace", link: ReplyLink, args: Args) -> None:
    original = link.original if link.original is not None and not link.original.deleted else None
    ours = original if original is not None and original.bot_id == world.bot_id else None
    if args.flag("delete_original") and ours is not None:
        world.remove(ours)
        return
    given = chat.content(args)
    if args.flag("replace_original") and ours is not None:
        before = shapes.message_object(ours, world, metadata=True)
        world.changed(chat.rewrite(world, ours, given), before)
        return
    answer(world, given, args, member=world.members[link.owner], channel=world.channels[link.channel])


def answer(world: "Workspace", given: Json, args: Args, *, member: Member, channel: Channel) -> Post:
    """A new message, for this person alone unless `in_channel`."""
    kind = args.text("response_type", "ephemeral")
    if kind not in ("ephemeral", "in_channel"):
        raise SlackError("invalid_response_type")
    only_for = member.id if kind == "ephemeral" else None
    thread_ts = args.text("thread_ts")
    if thread_ts:
        thread_ts = places.found_post(channel, thread_ts, missing="thread_not_found").root_ts
    place = {"thread_ts": thread_ts or None, "only_for": only_for}
    return world.place(chat.new_post(world, given, channel, **place))


def slackbot_says(world: "Workspace", member: Member, channel: Channel, text: str) -> Post:
    """Slack's own words to one person, as it shows them when an app did not answer."""
    member.notices.append(text)
    return world.place(Post(channel.id, world.next_ts(), "USLACKBOT", text, only_for=member.id))


def answer_to_command(world: "Workspace", body: Json | None, *, member: Member, channel: Channel) -> Post | None:
    """The acknowledgement of a command may carry its answer; an empty one shows nothing."""
    if not body:
        return None
    args = Args(body)
    return answer(world, chat.content(args), args, member=member, channel=channel)

"""chat.*: posting, editing, deleting (docs.slack.dev/reference/methods/chat.postMessage and its neighbours)."""

from typing import TYPE_CHECKING

from bot.sandbox import inputs, shapes
from bot.sandbox.blockkit import check_message
from bot.sandbox.methods import places
from bot.sandbox.methods.args import Args
from bot.sandbox.model import Channel, Json, Post, SlackError

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

WITHOUT_TEXT = "This content can't be displayed."
LONGEST_EDIT = 4_000
BROKEN = {"blocks": "invalid_blocks_format", "metadata": "invalid_metadata_format"}
CUSTOM = ("username", "icon_emoji", "icon_url")


def content(args: Args) -> Json:
    """text, blocks, attachments and metadata, or the reason why Slack would not take them."""
    given: Json = {"text": args.text("text") or None}
    if args.has("markdown_text"):
        if given["text"] or args.has("blocks"):
            raise SlackError("markdown_text_conflict")
        given["blocks"] = [{"type": "markdown", "text": args.text("markdown_text")}]
    for name in ("blocks", "attachments", "metadata"):
        if args.has(name):
            given[name] = args.tree(name, broken=BROKEN.get(name, "invalid_attachments"))
    faults = check_message(given)
    if faults:
        raise SlackError(faults[0].code, messages=[f"[ERROR] {fault}" for fault in faults])
    return given


def new_post(world: "Workspace", given: Json, channel: Channel, **place: object) -> Post:
    post = Post(channel.id, world.next_ts(), world.bot.id, "", bot_id=world.bot_id, **place)  # type: ignore[arg-type] # passed on by name
    return rewrite(world, post, given)


def rewrite(world: "Workspace", post: Post, given: Json) -> Post:
    """The content of a post replaced; text without blocks takes the blocks away."""
    post.text = given.get("text") or WITHOUT_TEXT
    post.blocks = inputs.with_ids(given.get("blocks") or [], fresh=world.ids)
    post.attachments = given.get("attachments") or []
    post.values = inputs.values_of(post.blocks, kept=post.values)
    if given.get("metadata"):
        post.metadata = given["metadata"]
    return post


def thread_of(channel: Channel, args: Args) -> str | None:
    if not args.text("thread_ts"):
        return None
    parent = places.found_post(channel, args.text("thread_ts"), missing="thread_not_found")
    return parent.root_ts


def post_message(world: "Workspace", args: Args) -> Json:
    if any(args.has(name) for name in CUSTOM) and "chat:write.customize" not in world.manifest.scopes:
        raise SlackError("missing_scope", needed="chat:write.customize")
    channel = places.channel_to_post(world, args.needed("channel"))
    given = content(args)
    thread_ts = thread_of(channel, args)
    broadcast = thread_ts is not None and args.flag("reply_broadcast")
    post = world.place(new_post(world, given, channel, thread_ts=thread_ts, broadcast=broadcast))
    message = shapes.message_object(post, world, metadata=True)
    return {"channel": channel.id, "ts": post.ts, "message": message}


def post_ephemeral(world: "Workspace", args: Args) -> Json:
    channel = places.channel_to_post(world, args.needed("channel"))
    if world.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    member = places.known_member(world, args.needed("user"))
    if member.id not in channel.members:
        raise SlackError("user_not_in_channel")
    given = content(args)
    thread_ts = thread_of(channel, args)
    post = world.place(new_post(world, given, channel, thread_ts=thread_ts, only_for=member.id))
    return {"message_ts": post.ts}


def own_post(world: "Workspace", args: Args, *, refused: str) -> Post:
    channel = places.visible_channel(world, args.needed("channel"))
    post = places.found_post(channel, args.needed("ts"))
    if post.bot_id != world.bot_id:
        raise SlackError(refused)
    if channel.archived:
        raise SlackError("is_archived")
    return post


def update(world: "Workspace", args: Args) -> Json:
    post = own_post(world, args, refused="cant_update_message")
    given = content(args)
    if len(given["text"] or "") > LONGEST_EDIT:
        raise SlackError("msg_too_long")
    if _has_rich_text(post.blocks) and given.get("blocks") and not _has_rich_text(given["blocks"]):
        raise SlackError("block_mismatch")
    before = shapes.message_object(post, world, metadata=True)
    rewrite(world, post, given)
    post.broadcast = post.broadcast or (post.is_reply and args.flag("reply_broadcast"))
    if not post.blocks:
        post.edited = {"user": world.bot.id, "ts": world.next_ts()}
    world.changed(post, before)
    message = shapes.message_object(post, world, metadata=True)
    return {"channel": post.channel, "ts": post.ts, "text": post.text, "message": message}


def _has_rich_text(blocks: list[Json]) -> bool:
    return any(block.get("type") == "rich_text" for block in blocks)


def delete(world: "Workspace", args: Args) -> Json:
    post = own_post(world, args, refused="cant_delete_message")
    world.remove(post)
    return {"channel": post.channel, "ts": post.ts}


def get_permalink(world: "Workspace", args: Args) -> Json:
    channel = places.visible_channel(world, args.needed("channel"))
    post = places.found_post(channel, args.needed("message_ts"))
    link = f"https://{world.team_domain}.slack.com/archives/{channel.id}/p{post.ts.replace('.', '')}"
    if post.is_reply:
        link += f"?thread_ts={post.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def add_reaction(world: "Workspace", args: Args) -> Json:
    post = places.found_post(places.joined_channel(world, args.needed("channel")), args.needed("timestamp"))
    users = post.reactions.setdefault(args.needed("name"), [])
    if world.bot.id in users:
        raise SlackError("already_reacted")
    users.append(world.bot.id)
    world.changes.tell()
    return {}


def remove_reaction(world: "Workspace", args: Args) -> Json:
    post = places.found_post(places.joined_channel(world, args.needed("channel")), args.needed("timestamp"))
    users = post.reactions.get(args.needed("name"), [])
    if world.bot.id not in users:
        raise SlackError("no_reaction")
    users.remove(world.bot.id)
    world.changes.tell()
    return {}

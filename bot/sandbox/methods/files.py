"""files.*: the external upload in three steps, and reading."""

from typing import TYPE_CHECKING

from bot.sandbox import shapes
from bot.sandbox.blockkit import check_message
from bot.sandbox.methods import chat, places
from bot.sandbox.methods.args import Args
from bot.sandbox.model import File, Json, SlackError

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace


def get_upload_url(world: "Workspace", args: Args) -> Json:
    name, length = args.needed("filename"), args.number("length", 0)
    if length <= 0:
        raise SlackError("invalid_arguments", messages=["[ERROR] missing required field: length"])
    file = File(world.ids.new("F"), name, world.bot.id, created=int(world.clock()), announced_length=length)
    world.files[file.id] = file
    return {"upload_url": f"{world.base_url}/upload/{file.id}", "file_id": file.id}


def complete_upload(world: "Workspace", args: Args) -> Json:
    """Shared into a channel when one is named; otherwise the file stays the bot's own."""
    listed = args.tree("files")
    if not isinstance(listed, list) or not listed or not all(isinstance(entry, dict) for entry in listed):
        raise SlackError("invalid_arguments", messages=["[ERROR] missing required field: files"])
    if args.text("thread_ts") and not args.text("channel_id"):
        raise SlackError("invalid_arguments", messages=["[ERROR] thread_ts needs channel_id [json-pointer:/thread_ts]"])
    files = [_uploaded(world, entry) for entry in listed]
    if args.text("channel_id"):
        channel = places.joined_channel(world, args.text("channel_id"))
        given = {"text": args.text("initial_comment"), "blocks": args.tree("blocks")}
        faults = check_message(given) if any(given.values()) else []
        if faults:
            raise SlackError(faults[0].code, messages=[f"[ERROR] {fault}" for fault in faults])
        post = chat.new_post(world, given, channel, thread_ts=chat.thread_of(channel, args), files=files)
        post.text = given["text"]
        world.place(post)
    return {"files": [shapes.file_object(file, world) for file in files]}


def _uploaded(world: "Workspace", entry: Json) -> File:
    file = world.files.get(str(entry.get("id", "")))
    if file is None or file.content is None or file.owner != world.bot.id:
        raise SlackError("file_not_found")
    file.title, file.shared = str(entry.get("title") or file.name), True
    return file


def delete(world: "Workspace", args: Args) -> Json:
    """The file goes from everywhere, and with it what was posted for nothing but it."""
    file = world.files.get(args.needed("file"))
    if file is None:
        raise SlackError("file_not_found")
    if file.owner != world.bot.id:
        raise SlackError("cant_delete_file")
    del world.files[file.id]
    for post in [post for channel in world.channels.values() for post in channel.posts.values() if file in post.files]:
        post.files.remove(file)
        if not (post.files or post.blocks or post.text):
            world.remove(post)
    return {}


def info(world: "Workspace", args: Args) -> Json:
    file = world.files.get(args.needed("file"))
    if file is None or file.content is None:
        raise SlackError("file_not_found")
    return {"file": shapes.file_object(file, world), "comments": [], "response_metadata": {"next_cursor": ""}}

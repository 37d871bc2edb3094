"""The Web API: which methods there are, what each of them needs, and how every call is answered."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from bot.sandbox.methods import chat, conversations, files, people, session, views
from bot.sandbox.methods.args import Args
from bot.sandbox.model import Json, SlackError

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

Run = Callable[["Workspace", Args], Json]


@dataclass(frozen=True)
class Method:
    """`scope`: what the token must have been granted; "" for none. Tiers: facts of rate-limits."""

    run: Run
    scope: str
    tier: int = 3
    token: str = "bot"


# conversations.* need a scope by the kind of channel (`channels:read`, `groups:history` …): see methods/places.
METHODS = {
    "api.test": Method(session.api_test, "", 4),
    "apps.connections.open": Method(session.connections_open, "connections:write", 1, token="app"),
    "auth.test": Method(session.auth_test, "", 4),
    "bots.info": Method(people.bot, "users:read", 3),
    "chat.delete": Method(chat.delete, "chat:write", 3),
    "chat.getPermalink": Method(chat.get_permalink, "", 4),
    "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write", 4),
    "chat.postMessage": Method(chat.post_message, "chat:write", 4),
    "chat.update": Method(chat.update, "chat:write", 3),
    "conversations.history": Method(conversations.history, "", 3),
    "conversations.info": Method(conversations.info, "", 3),
    "conversations.join": Method(conversations.join, "channels:join", 3),
    "conversations.list": Method(conversations.list_, "", 2),
    "conversations.members": Method(conversations.members, "", 4),
    "conversations.open": Method(conversations.open_, "im:write", 3),
    "conversations.replies": Method(conversations.replies, "", 3),
    "files.completeUploadExternal": Method(files.complete_upload, "files:write", 4),
    "files.delete": Method(files.delete, "files:write", 3),
    "files.getUploadURLExternal": Method(files.get_upload_url, "files:write", 4),
    "files.info": Method(files.info, "files:read", 4),
    "reactions.add": Method(chat.add_reaction, "reactions:write", 3),
    "reactions.remove": Method(chat.remove_reaction, "reactions:write", 2),
    "team.info": Method(people.team, "team:read", 3),
    "usergroups.list": Method(people.groups, "usergroups:read", 2),
    "usergroups.users.list": Method(people.group_members, "usergroups:read", 2),
    "users.conversations": Method(conversations.of_user, "", 3),
    "users.info": Method(people.info, "users:read", 4),
    "users.list": Method(people.list_, "users:read", 2),
    "users.lookupByEmail": Method(people.by_email, "users:read.email", 3),
    "views.open": Method(views.open_, "", 4),
    "views.publish": Method(views.publish, "", 4),
    "views.push": Method(views.push, "", 4),
    "views.update": Method(views.update, "", 4),
}


@dataclass(frozen=True)
class Answer:
    body: Json
    status: int = 200
    retry_after: int = 0
    scopes: str = ""
    accepted: str = ""


def call(world: "Workspace", name: str, given: Json, *, token: str) -> Answer:
    """One call: token, rate limit, scope, then the method itself."""
    scopes = ",".join(sorted(world.manifest.scopes))
    try:
        method = _admitted(world, name, token)
        wait = world.limits.wait_for(name, tier=method.tier, channel=str(given.get("channel", "")))
        if wait:
            return Answer({"ok": False, "error": "ratelimited"}, status=429, retry_after=ceil(wait))
        body = {"ok": True} | method.run(world, Args(given))
    except SlackError as refused:
        body = _refusal(refused, provided=scopes)
    return Answer(body, scopes=scopes, accepted=METHODS[name].scope if name in METHODS else "")


def _admitted(world: "Workspace", name: str, token: str) -> Method:
    """The method, when it exists and this token may call it."""
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    if not token:
        raise SlackError("not_authed")
    if token not in (world.bot_token, world.app_token):
        raise SlackError("invalid_auth")
    if token != (world.app_token if method.token == "app" else world.bot_token):
        raise SlackError("not_allowed_token_type")
    if method.scope and method.token == "bot" and method.scope not in world.manifest.scopes:
        raise SlackError("missing_scope", needed=method.scope)
    return method


def _refusal(refused: SlackError, *, provided: str) -> Json:
    body: Json = {"ok": False, "error": refused.code} | refused.beside
    if refused.code == "missing_scope":
        body["provided"] = provided
    if refused.messages:
        body["response_metadata"] = {"messages": refused.messages}
    return body

"""Who is who in Slack, who is in which group and channel, and where can the bot post?"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import ChannelUnreachable, GroupGone, StandingUnknown
from bot.domain.request import Person, Profile
from bot.ports import Clock
from bot.slack.calls import Caller, CallFailed
from bot.slack.fresh import Fresh
from bot.slack.installation import Installation

Json = dict[str, Any]
#: how old the members of a channel may be: they decide only who is asked by direct message as well
MEMBERS_AGE = 300.0
#: and whether the bot can post there, which posting itself finds out in any case
REACH_AGE = 60.0
#: members of a channel that are read at most
PAGES, PAGE = 20, 1000
#: Slack's own words for somebody who is not there, or not for us
NOBODY = frozenset({"user_not_found", "user_not_visible", "users_not_found"})
NO_GROUP = frozenset({"no_such_subteam", "subteam_not_found"})
NO_CHANNEL = frozenset({"channel_not_found", "invalid_channel", "is_archived", "not_in_channel"})
#: Slack's helper is a bot that is not marked as one
SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class _Account:
    """What `users.info` says, as far as it matters here."""

    name: str = ""
    active: bool = False
    guest: bool = False
    bot: bool = False
    stranger: bool = False
    teams: frozenset[str] = frozenset()
    address: str = ""
    zone: str = ""


class SlackPeople:
    """The `People` of `ports`."""

    def __init__(self, client: AsyncWebClient, *, installation: Installation, clock: Clock) -> None:
        self._client, self._installation, self._call = client, installation, Caller(clock)
        self._own = frozenset({installation.team, installation.enterprise} - {""})
        self._accounts: Fresh[_Account] = Fresh(clock)
        self._groups: Fresh[frozenset[str] | None] = Fresh(clock)
        self._channels: Fresh[frozenset[str]] = Fresh(clock)
        self._reach: Fresh[bool] = Fresh(clock)

    async def profile(self, person: Person, *, max_age: float = 300) -> Profile:
        """Say who this is. Raises `StandingUnknown` when Slack cannot tell."""
        account = await self._accounts.get(person.id, lambda: self._account(person.id), max_age=max_age)
        known = account.teams | self._own
        return Profile(
            person=person,
            name=account.name or person.id,
            active=account.active,
            guest=account.guest,
            bot=account.bot,
            address=account.address,
            zone=account.zone,
            ours=not account.stranger and bool(account.teams & self._own) and (not person.team or person.team in known),
        )

    async def members(self, group: str, *, max_age: float = 300) -> frozenset[str]:
        """List the ids in a user group. Raises `GroupGone`, or `StandingUnknown` when Slack cannot tell."""
        found = await self._groups.get(group, lambda: self._group(group), max_age=max_age)
        if found is None:
            raise GroupGone
        return found

    async def outside(self, channel: str, people: Iterable[str]) -> frozenset[str]:
        """Name those who are not in the channel; where that cannot be seen, everybody is taken for absent."""
        inside = await self._channels.get(channel, lambda: self._inside(channel), max_age=MEMBERS_AGE)
        return frozenset(people) - inside

    async def reach(self, channel: str) -> None:
        """Raise `ChannelUnreachable` when the bot cannot post there."""
        if not await self._reach.get(channel, lambda: self._postable(channel), max_age=REACH_AGE):
            self._reach.forget(channel)  # an invitation counts at once
            raise ChannelUnreachable

    async def forget_person(self, person_id: str) -> None:
        """Ask afresh next time: Slack says that something about this person changed."""
        self._accounts.forget(person_id)

    async def forget_group(self, group: str) -> None:
        """Ask afresh next time: Slack says that the group changed."""
        self._groups.forget(group)

    async def _account(self, person_id: str) -> _Account:
        answer = await self._asked(self._client.users_info, user=person_id, missing=NOBODY)
        return _Account() if answer is None else _account_of(answer["user"])

    async def _group(self, group: str) -> frozenset[str] | None:
        answer = await self._asked(self._client.usergroups_users_list, usergroup=group, missing=NO_GROUP)
        return None if answer is None else frozenset(answer.get("users") or ())

    async def _inside(self, channel: str) -> frozenset[str]:
        unseen = NO_CHANNEL | {"missing_scope"}
        found: set[str] = set()
        cursor: Json = {}
        for _ in range(PAGES):
            answer = await self._asked(
                self._client.conversations_members, channel=channel, limit=PAGE, missing=unseen, **cursor
            )
            if answer is None:
                break
            found.update(answer.get("members") or ())
            cursor = {"cursor": (answer.get("response_metadata") or {}).get("next_cursor") or ""}
            if not cursor["cursor"]:
                break
        return frozenset(found)

    async def _postable(self, channel: str) -> bool:
        """Only channels: a card in a conversation of two would be seen by nobody who may decide."""
        if not channel.startswith(("C", "G")):
            return False
        try:
            answer = await self._call(self._client.conversations_info, channel=channel)
        except CallFailed as failed:
            if failed.trouble.code in NO_CHANNEL:
                return False
            if failed.trouble.code == "missing_scope":
                return True  # nobody can tell, and posting will
            raise StandingUnknown from None
        found = answer["channel"]
        if found.get("is_archived") or found.get("is_im") or found.get("is_mpim"):
            return False
        public = not found.get("is_private") and "chat:write.public" in self._installation.scopes
        return bool(found.get("is_member")) or public

    async def _asked(
        self, method: Callable[..., Awaitable[Any]], *, missing: frozenset[str], **arguments: Any
    ) -> Any | None:
        """Ask Slack; None when what is asked about is not there."""
        try:
            return await self._call(method, **arguments)
        except CallFailed as failed:
            if failed.trouble.code in missing:
                return None
            raise StandingUnknown from None


def _account_of(user: Json) -> _Account:
    profile = user.get("profile") or {}
    enterprise = user.get("enterprise_user") or {}
    teams = {user.get("team_id") or "", *(enterprise.get("teams") or ())} - {""}
    return _Account(
        name=profile.get("display_name") or user.get("real_name") or user.get("name") or "",
        active=not user.get("deleted"),
        guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        bot=bool(user.get("is_bot")) or user.get("id") == SLACKBOT,
        stranger=bool(user.get("is_stranger")),
        teams=frozenset(teams),
        address=profile.get("email") or "",
        zone=str(user.get("tz") or ""),
    )

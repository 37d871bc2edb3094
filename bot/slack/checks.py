"""Is Slack set up so that the bot can work: token, scopes, channels, people who may decide?"""

from collections.abc import Mapping, Sequence

from slack_sdk.web.async_client import AsyncWebClient

from bot.authority import Authority
from bot.domain import policy as rules
from bot.domain.errors import BotAccount, ChannelUnreachable, Deactivated, GroupGone, GuestAccount, StandingUnknown
from bot.domain.policy import Policy, Stuck, is_group
from bot.domain.request import Person
from bot.ports import Check, People
from bot.slack.calls import CALL_ERRORS, trouble_of
from bot.slack.installation import Installation
from bot.slack.manifest import OPTIONAL_SCOPES, SCOPES

#: what the bot does without each optional scope
WITHOUT: Mapping[str, str] = {
    "channels:history": "a message may be shown twice after a crash",
    "chat:write.public": "it has to be invited to every channel",
    "files:read": "lists have to be pasted",
    "files:write": "lists are exported on the bot's machine only",
    "groups:history": "a message may be shown twice after a crash in a private channel",
    "im:history": "a direct message may be shown twice after a crash",
    "users:read.email": "two accounts of one person are not noticed",
}


async def slack_checks(
    installation: Installation, *, people: People, authority: Authority, channels: Mapping[str, str]
) -> list[Check]:
    """Check what a token can tell. `channels` are ids by the setting that names them."""
    found = [Check(name="Slack", ok=True, says=f"{installation.team_name} ({installation.team}), as the app's bot.")]
    found.append(scopes_check(installation))
    found += [await _channel(setting, channel, people) for setting, channel in channels.items()]
    found.append(await approvers_check(people, authority))
    found += await rooms_checks(people, authority.policy)
    return found


def scopes_check(installation: Installation) -> Check:
    """Compare what was granted with what the manifest asks for."""
    missing = sorted(set(SCOPES) - installation.scopes)
    if missing:
        says = f"{', '.join(missing)} missing: reinstall the app from manifest.yml (Slack gives new scopes only then)."
        return Check(name="scopes", ok=False, says=says)
    refused = sorted(set(OPTIONAL_SCOPES) - installation.scopes)
    without = "; ".join(f"without {scope} {WITHOUT.get(scope, 'it does less')}" for scope in refused)
    return Check(name="scopes", ok=True, says=f"all needed ones granted{f'; {without}' if without else ''}.")


async def app_token_check(client: AsyncWebClient, app_token: str) -> Check:
    """Try the token of Socket Mode."""
    try:
        await client.apps_connections_open(app_token=app_token)
    except CALL_ERRORS as error:
        code = trouble_of(error).code
        says = f"Slack refuses SLACK_APP_TOKEN ({code}): create an app-level token with the scope connections:write."
        return Check(name="SLACK_APP_TOKEN", ok=False, says=says)
    return Check(name="SLACK_APP_TOKEN", ok=True, says="Slack opens a socket for it.")


async def _channel(setting: str, channel: str, people: People) -> Check:
    try:
        await people.reach(channel)
    except ChannelUnreachable:
        says = f"the bot cannot post in {channel}: invite it there (/invite), or name another channel."
        return Check(name=setting, ok=False, says=says)
    except StandingUnknown:
        return Check(name=setting, ok=False, says=f"Slack could not be asked about {channel}; try again.")
    return Check(name=setting, ok=True, says=f"the bot can post in {channel}.")


async def approvers_check(people: People, authority: Authority) -> Check:
    """Say who may decide now. Nobody at all, or one alone, is no way to work."""
    setting = authority.policy.source
    try:
        deciders = await authority.deciders(max_age=0)
        idle = [line for named in _all_named(authority.policy) for line in await _idle(named, people)]
        useless = await _useless(authority, deciders)
    except StandingUnknown:
        scopes = "check the scopes users:read and usergroups:read (user groups need a paid plan)"
        says = f"Slack could not be asked who is in {setting}: {scopes}."
        return Check(name=setting, ok=False, says=says)
    without = f" Not counted: {', '.join(idle)}." if idle else ""
    if not deciders:
        return Check(name=setting, ok=False, says=f"nobody may decide: name people or user groups.{without}")
    names = await _names(sorted(deciders), people)
    alone = " Name another one: nobody decides on a request of their own." if len(deciders) == 1 else ""
    told = " ".join([f"{', '.join(names)} may decide.{alone}", *useless])
    says = f"{told}{without}"
    return Check(name=setting, ok=True, says=says, doubtful=bool(idle or useless))


async def rooms_checks(people: People, policy: Policy) -> list[Check]:
    """Look whether the bot can post where rules want their cards, where any does."""
    closed, silent = [], []
    for rule, room in policy.rooms.items():
        try:
            await people.reach(room)
        except ChannelUnreachable:
            closed.append(f"the bot cannot post in {room}, where “{rule}” wants its cards: invite it there (/invite).")
        except StandingUnknown:
            silent.append(f"Slack could not be asked about {room}; try again.")
    wrong = " ".join((*closed, *silent))  # other rules work all the same, so it is no reason to stay away
    says = wrong or f"the bot can post in {', '.join(sorted({*policy.rooms.values()}))}."
    return [Check(name=policy.source, ok=not wrong, says=says, passing=bool(wrong))] if policy.rooms else []


def _all_named(policy: Policy) -> list[str]:
    """List who is named anywhere, first those who decide."""
    return list(dict.fromkeys((*policy.approvers, *sorted(policy.people | policy.groups))))


async def _useless(authority: Authority, deciders: frozenset[str]) -> list[str]:
    """Say which rules lead nowhere with the people there are."""
    policy, members = authority.policy, await authority.members(authority.policy.groups)
    said = [_stuck(one) for one in rules.stuck_rules(policy, members, fit=deciders)]
    idle = [f"“{one}”" for one in rules.idle_escalations(policy, members)]
    if idle:
        said.append(f"Under {', '.join(idle)} it is escalated only to people who may decide anyway: name others.")
    return said


def _stuck(rule: Stuck) -> str:
    if rule.own:
        return f"Under “{rule.rule}” only those may decide who ask, and nobody decides on their own: name others."
    if not rule.found:
        return f"Under “{rule.rule}” nobody may decide: name others."
    return f"Under “{rule.rule}” it takes {rule.needed} approvals, and only {rule.found} can be given: name others."


async def _idle(named: str, people: People) -> list[str]:
    """Say why somebody who is named cannot decide."""
    if is_group(named):
        try:
            return [] if await people.members(named) else [f"{named} (a user group with nobody in it)"]
        except GroupGone:
            return [f"{named} (a user group that is gone: name another one)"]
    refusal = rules.standing(await people.profile(Person("", named)))
    if refusal is None:
        return []
    reasons = {Deactivated: "deactivated", GuestAccount: "a guest", BotAccount: "a bot"}
    return [f"{named} ({reasons.get(type(refusal), 'not in this workspace')})"]


async def _names(ids: Sequence[str], people: People) -> list[str]:
    shown = [(await people.profile(Person("", one))).name for one in ids[:10]]
    return shown if len(ids) <= len(shown) else [*shown, f"{len(ids) - len(shown)} more"]

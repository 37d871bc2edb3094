"""Is Slack set up so that the bot can work: token, scopes, channels, people who may decide?"""

from collections.abc import Iterator, Mapping, Sequence

from slack_sdk.web.async_client import AsyncWebClient

from bot.authority import Authority
from bot.domain import policy as rules
from bot.domain.errors import ChannelUnreachable, GroupGone, StandingUnknown
from bot.domain.policy import Members, Policy, is_group
from bot.domain.request import Person
from bot.ports import Check, People
from bot.slack.calls import CALL_ERRORS, trouble_of
from bot.slack.installation import Installation
from bot.slack.manifest import OPTIONAL_SCOPES, SCOPES
from bot.words import checks as words

#: people who are named in one line
NAMED = 10


async def slack_checks(
    installation: Installation, *, people: People, authority: Authority, channels: Mapping[str, str]
) -> list[Check]:
    """Check what a token can tell. `channels` are ids by the setting that names them."""
    found = [Check(name="Slack", ok=True, says=words.installed(installation.team_name, installation.team))]
    found.append(scopes_check(installation))
    found += [await _channel(setting, channel, people) for setting, channel in channels.items()]
    found.append(await approvers_check(people, authority))
    found += await rooms_checks(people, authority.policy)
    return found


def scopes_check(installation: Installation) -> Check:
    """Compare what was granted with what the manifest asks for."""
    missing = sorted(set(SCOPES) - installation.scopes)
    if missing:
        return Check(name="scopes", ok=False, says=words.scopes_missing(missing))
    refused = sorted(set(OPTIONAL_SCOPES) - installation.scopes)
    return Check(name="scopes", ok=True, says=words.scopes_granted(refused))


async def app_token_check(client: AsyncWebClient, app_token: str) -> Check:
    """Try the token of Socket Mode."""
    try:
        await client.apps_connections_open(app_token=app_token)
    except CALL_ERRORS as error:
        code = trouble_of(error).code
        return Check(name="SLACK_APP_TOKEN", ok=False, says=words.app_token_refused(code))
    return Check(name="SLACK_APP_TOKEN", ok=True, says=words.SOCKET_OPENS)


async def _channel(setting: str, channel: str, people: People) -> Check:
    try:
        await people.reach(channel)
    except ChannelUnreachable:
        return Check(name=setting, ok=False, says=words.closed(channel))
    except StandingUnknown:
        return Check(name=setting, ok=False, says=words.untold(channel))
    return Check(name=setting, ok=True, says=words.reaches([channel]))


async def approvers_check(people: People, authority: Authority) -> Check:
    """Say who may decide now. Nobody at all, or one alone, is no way to work."""
    setting = authority.policy.source
    try:
        deciders = await authority.deciders(max_age=0)
        idle = [line for named in _all_named(authority.policy) for line in await _idle(named, people)]
        useless = await _useless(authority, deciders)
    except StandingUnknown:
        return Check(name=setting, ok=False, says=words.approvers_untold(setting))
    if not deciders:
        return Check(name=setting, ok=False, says=words.nobody(idle))
    names = await _names(sorted(deciders)[:NAMED], people)
    able = words.may_decide(names, more=len(deciders) - len(names), alone=len(deciders) == 1)
    says = " ".join([able, *useless]) + words.not_counted(idle)
    return Check(name=setting, ok=True, says=says, doubtful=bool(idle or useless))


async def rooms_checks(people: People, policy: Policy) -> list[Check]:
    """Look whether the bot can post where rules want their cards, where any does."""
    closed, silent = [], []
    for rule, room in policy.rooms.items():
        try:
            await people.reach(room)
        except ChannelUnreachable:
            closed.append(words.closed_room(room, rule))
        except StandingUnknown:
            silent.append(words.untold(room))
    wrong = " ".join((*closed, *silent))  # other rules work all the same, so it is no reason to stay away
    says = wrong or words.reaches(sorted({*policy.rooms.values()}))
    return [Check(name=policy.source, ok=not wrong, says=says, passing=bool(wrong))] if policy.rooms else []


def _all_named(policy: Policy) -> list[str]:
    """List who is named anywhere, first those who decide."""
    return list(dict.fromkeys((*policy.approvers, *sorted(policy.people | policy.groups))))


async def _useless(authority: Authority, deciders: frozenset[str]) -> list[str]:
    """Say which rules and budgets lead nowhere with the people there are."""
    policy, members = authority.policy, await authority.members(authority.policy.groups)
    said = [words.stuck(one) for one in rules.stuck_rules(policy, members, fit=deciders)]
    said += _lost(policy, members)
    said += map(words.budget_stuck, rules.stuck_budgets(policy, members, fit=deciders))
    idle = list(rules.idle_escalations(policy, members))
    return [*said, words.escalates_to_nobody(idle)] if idle else said


def _lost(policy: Policy, members: Members) -> Iterator[str]:
    """Name the budgets of which nobody can tell any more whose they are."""
    for budget in policy.budgets:
        gone = sorted(set(filter(is_group, budget.members)).difference(members))
        if gone:
            yield words.budget_of_nobody(budget.name, gone)


async def _idle(named: str, people: People) -> list[str]:
    """Say why somebody who is named cannot decide."""
    if is_group(named):
        try:
            return [] if await people.members(named) else [words.empty_group(named)]
        except GroupGone:
            return [words.gone_group(named)]
    refusal = rules.standing(await people.profile(Person("", named)))
    return [words.unfit(named, refusal)] if refusal is not None else []


async def _names(ids: Sequence[str], people: People) -> list[str]:
    return [(await people.profile(Person("", one))).name for one in ids]

"""The policy, for the people who write it: is the file right, what does it say, what would it have said?"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time

import click

from bot import logs
from bot.app import assemble, read_rules
from bot.checking import check_offers
from bot.cli.allowances import Imagined, budget_in_words, explained, in_words, looked_up
from bot.cli.database import existing_store
from bot.cli.doctor import tell
from bot.cli.text import plain
from bot.cli.wish import Wish, customer_of, find_offer, read_wish
from bot.domain import policy as rules
from bot.domain.errors import GroupGone, Misconfigured, Refusal
from bot.domain.policy import MANAGER, Members, Policy, Rule, Ruling, Situation, Terms
from bot.domain.request import Offer
from bot.policy_file import read_policy_file
from bot.settings import Settings, read_settings
from bot.slack.calls import open_session, slack_client
from bot.slack.checks import approvers_check, rooms_checks
from bot.slack.installation import read_installation
from bot.slack.people import SlackPeople
from bot.store import SqliteStore
from bot.words.refusals import sentence
from bot.words.rules import condition, conditions, decides
from bot.words.text import as_plain


@dataclass(frozen=True, slots=True)
class Source:
    """A policy, and the settings to look up with whom it names; without them, why not."""

    policy: Policy
    settings: Settings | None
    lacking: str = ""

    @property
    def providers(self) -> tuple[str, ...]:
        """Name the providers that offers are looked for at."""
        return self.settings.providers if self.settings is not None else ("kajabi",)


def source_of(file: Path | None) -> Source:
    """Read a file, or what the settings name. A file can be read where the settings are not complete."""
    try:
        settings = read_settings() if file is None else read_settings(policy_file=str(file), approvers=())
    except Misconfigured as error:
        if file is None:
            raise
        return Source(read_policy_file(file), None, str(error).splitlines()[0])
    logs.set_up(level="error", form="console", secrets=settings.secrets)
    return Source(read_rules(settings), settings)


async def check(file: Path | None) -> bool:
    """Print what the file says and what it names that is not there; whether all is well."""
    source = source_of(file)
    for place, rule in enumerate(source.policy.all_rules, 1):
        click.echo(f"{place}. {plain(rule.name)}: {plain(conditions(rule.when))}: {plain(_effect(rule))}")
    for budget in source.policy.budgets:
        click.echo(plain(budget_in_words(budget)))
    if source.settings is None:
        click.echo(f"Neither Slack nor a provider was asked who and what is named here. {source.lacking}")
        return True
    with TemporaryDirectory() as folder:
        elsewhere = source.settings.model_copy(update={"database_url": f"sqlite:///{folder}/check.db"})
        async with assemble(elsewhere) as parts:
            found = [await approvers_check(parts.people, parts.authority)]
            found += await rooms_checks(parts.people, source.policy)
            found += [one async for one in check_offers(source.policy, parts.providers)]
    well = True
    for one in found:  # each is told, also after one that is not well
        well = tell(replace(one, ok=one.ok and not one.doubtful)) and well
    return well


async def explain(words: str, file: Path | None) -> None:
    """Print which rule would decide on this, why, and who."""
    wish, source = read_wish(words), source_of(file)
    async with AsyncExitStack() as stack:
        store = await _store(stack)
        members = await members_of(source)
        offer = await find_offer(wish, store, providers=source.providers)
        if offer is None:
            click.echo(f"Offer {plain(wish.offer)} is not known here, so nothing is known of its title and price.")
            offer = Offer(provider=source.providers[0], id=wish.offer, title="")
        situation = await _situation(wish, offer, source.policy, store, members)
        situation = await looked_up(store or Imagined(), source.policy, situation, members)
    for line in _explained(source.policy, situation, members):
        click.echo(plain(line))
    if source.settings is None and source.policy.groups:
        click.echo(f"Slack was not asked who is in {', '.join(sorted(source.policy.groups))}. {source.lacking}")


async def members_of(source: Source) -> Members:
    """Look up the user groups that the policy names; none where Slack cannot be asked, and nobody in what is gone."""
    groups = sorted(source.policy.groups)
    if source.settings is None or not groups:
        return {}
    found: dict[str, frozenset[str]] = {}
    async with _people(source.settings) as people:
        for group in groups:
            try:
                found[group] = await people.members(group)
            except GroupGone:
                found[group] = frozenset()
                click.echo(f"{group} is gone from Slack, and taken for a group with nobody in it: name another one.")
    return found


@asynccontextmanager
async def _people(settings: Settings) -> AsyncIterator[SlackPeople]:
    async with open_session() as session:
        token = settings.slack_bot_token.get_secret_value()
        client = slack_client(token, base_url=settings.slack_api_url, session=session)
        yield SlackPeople(client, installation=await read_installation(client), clock=time)


async def _store(stack: AsyncExitStack) -> SqliteStore | None:
    """Open the bot's database, where there is one: a policy is written before the bot has run."""
    try:
        return await stack.enter_async_context(existing_store())
    except Misconfigured:
        return None


async def _situation(
    wish: Wish, offer: Offer, policy: Policy, store: SqliteStore | None, members: Members
) -> Situation:
    situation = Situation(
        action=wish.action,
        offer=offer,
        requester=wish.requester,
        channel=wish.channel,
        reason=wish.reason,
        at=time(),
        groups=groups_of(wish.requester, members),
        days=wish.days,
    )
    if store is None or not policy.looks_back:
        return situation
    since = situation.at - policy.looks_back
    return replace(
        situation,
        by_requester=tuple(await store.asked_since(since, requester=wish.requester)),
        for_customers=(tuple(await store.asked_since(since, contact=customer_of(wish, offer))),),
    )


def _explained(policy: Policy, situation: Situation, members: Members) -> Iterator[str]:
    ruling = rules.rule_on(policy, situation)
    for rule in policy.rules:
        if rule.name == ruling.rule:
            break
        missing = next(one for one in rule.when if not one.holds(situation))
        yield f"not {rule.name}: it is not so that {condition(missing)}"
    yield f"{decides(ruling.rule, ruling.grounds)}."
    yield from explained(ruling)
    yield f"It would be refused: {said(ruling.refusal)}" if ruling.refusal else _decided_by(ruling, situation, members)


def _decided_by(ruling: Ruling, situation: Situation, members: Members) -> str:
    terms = ruling.terms
    deciders = sorted(rules.everybody(terms.named, members) - {situation.requester})
    named = f"{_named(terms)} decide" if terms.named else "Nobody is named to decide"
    people = f", which is {', '.join(deciders)}" if members and deciders else ""
    card = f" The card goes to {ruling.channel}." if ruling.channel else ""
    return f"{named}{people}; never the requester.{card}"


def _effect(rule: Rule) -> str:
    card = f", in {rule.channel}" if rule.channel else ""
    by_itself = f"approved automatically, {in_words(rule.automatic)}; else " if rule.automatic is not None else ""
    return f"refused: {rule.refuse}" if rule.refuse else f"{by_itself}{_named(rule.terms)} decide{card}"


def _named(terms: Terms) -> str:
    base = dict.fromkeys((*terms.approvers, *terms.one_from_each))
    named = " or ".join("the requester's manager" if one == MANAGER else one for one in base)
    if terms.additions:
        added = " and ".join(" or ".join(one) for one in terms.additions)
        return f"{_named(replace(terms, additions=()))} and also {added}"
    each = " and ".join(f"one from {one}" for one in terms.one_from_each)
    if terms.quorum <= len(terms.one_from_each):
        return each
    return (f"{terms.quorum} of {named}" if terms.quorum > 1 else named) + (f", among them {each}," if each else "")


def said(refusal: Refusal) -> str:
    """Say a refusal as its person would be told."""
    return as_plain(sentence(refusal))


def groups_of(person: str, members: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Name the groups that somebody is in."""
    return frozenset(group for group, people in members.items() if person in people)

"""Reads the rules again while the bot runs, whenever it is sent SIGHUP."""

import asyncio
import signal

import structlog

from bot.app import Parts, read_rules
from bot.authority import Authority
from bot.checking import check_offers
from bot.cli.doctor import tell
from bot.domain.errors import Misconfigured
from bot.domain.policy import Policy
from bot.slack.checks import approvers_check, rooms_checks

log = structlog.get_logger()


def told_to_reload() -> asyncio.Event:
    """Take SIGHUP as a wish to have the rules read again."""
    asked = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, asked.set)
    return asked


async def keep_reloading(parts: Parts, *, whenever: asyncio.Event) -> None:
    """Read the rules again as often as that is asked for."""
    while True:
        await whenever.wait()
        whenever.clear()
        try:
            await reload_rules(parts)
        except Exception:  # the old rules stay, and the next wish is heard
            log.exception("rules not read again")


async def reload_rules(parts: Parts) -> None:
    """Follow the rules as they are written now; what could not be started with leaves the old ones in place."""
    source, now = parts.authority.policy.source, parts.clock()
    try:
        policy = await _usable_rules(parts)
    except Misconfigured as error:
        log.error("the new rules cannot be used, the old ones stay", source=source, why=str(error))  # noqa: TRY400 - the sentence says it all
        await parts.store.refuse_policy(str(error), source=source, now=now)
        return
    event = await parts.store.follow_policy(policy.digest, source=source, now=now)
    parts.authority.policy = policy
    log.info("rules read again", source=source, digest=policy.digest, changed=event is not None)


async def _usable_rules(parts: Parts) -> Policy:
    """Read them and look, as at the start, whether whom and what they name is there."""
    policy = read_rules(parts.settings)
    found = [await approvers_check(parts.people, Authority(policy, parts.people, parts.store))]
    found += await rooms_checks(parts.people, policy)
    found += [one async for one in check_offers(policy, parts.providers)]
    for check in found:
        tell(check)
        if not check.ok and not check.passing:
            raise Misconfigured(f"{check.name}: {check.says}")
    return policy

"""Many customers seen at once, each as one that was read: by lists where the provider has them, else one by one."""

import asyncio
from collections.abc import Sequence

from bot.domain.errors import ProviderError, Refusal, Rejected
from bot.domain.request import Reading
from bot.ports import Provider, Sight, Surveys, Target, Told

#: single reads begun together
TOGETHER = 8


async def see(
    provider: Provider, targets: Sequence[Target], *, whole: bool, told: Told
) -> list[Reading | ProviderError]:
    """Read what each target says about its offer. `whole`: it must be certain also where nothing is held.

    `told` hears after each call how many of how many were made.
    """
    if not isinstance(provider, Surveys):
        return await _singly(provider, targets, told)
    sights = await provider.survey(targets, purchases=whole, told=told)
    seen = [sight if isinstance(sight, ProviderError) else _reading(sight) for sight in sights]
    open_still = [at for at, sight in enumerate(sights) if whole and _is_doubtful(sight)]
    read = await _singly(provider, [targets[at] for at in open_still], told)
    for at, reading in zip(open_still, read, strict=True):
        seen[at] = reading
    return seen


def _reading(sight: Sight) -> Reading:
    return Reading(contact=sight.contact, holdings=() if sight.holding is None else (sight.holding,))


def _is_doubtful(sight: Sight | ProviderError) -> bool:
    if isinstance(sight, ProviderError):
        return False
    return sight.contact is not None and sight.holding is None and not sight.whole


async def _singly(provider: Provider, targets: Sequence[Target], told: Told) -> list[Reading | ProviderError]:
    read: list[Reading | ProviderError] = []
    made = 0

    async def one(target: Target) -> Reading | ProviderError:
        nonlocal made
        reading = await _one(provider, target)
        made += 1
        await told(made, len(targets))
        return reading

    for first in range(0, len(targets), TOGETHER):
        read += await asyncio.gather(*map(one, targets[first : first + TOGETHER]))
    return read


async def _one(provider: Provider, target: Target) -> Reading | ProviderError:
    try:
        (reading,) = await provider.read([target], with_offers=False)
    except ProviderError as error:
        return error
    except Refusal as refusal:  # several contacts with one address
        return Rejected("", refusal.code, code=refusal.code)
    return reading

"""Are the offers there that the policy names?"""

from collections.abc import AsyncIterator, Mapping

from bot.domain.errors import ProviderError, Rejected
from bot.domain.policy import Policy
from bot.ports import Check, Provider


async def check_offers(policy: Policy, providers: Mapping[str, Provider]) -> AsyncIterator[Check]:
    """Look up the offers that the policy names, where it names any."""
    if policy.offers:
        missing = [named for named in sorted(policy.offers) if not await _known(providers, named)]
        says = f"no provider knows the offers {', '.join(missing)}." if missing else "every offer it names is there."
        yield Check(name=policy.source, ok=True, says=says, doubtful=bool(missing))


async def _known(providers: Mapping[str, Provider], named: str) -> bool:
    """Whether a provider has an offer with this id, or cannot be asked just now."""
    for name, provider in providers.items():
        try:
            if await provider.offer(named.removeprefix(f"{name}:")) is not None:
                return True
        except ProviderError as error:
            if not isinstance(error, Rejected):
                return True
    return False

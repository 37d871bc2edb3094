"""The start-up checks of Capillary: address, credentials, program, permissions; each says what to do."""

from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

from bot.domain.errors import ProviderError, Rejected
from bot.ports import Check
from bot.providers.capillary import words
from bot.providers.capillary.calls import NOBODY, PROMOTIONS, Calls
from bot.providers.capillary.door import Door
from bot.providers.capillary.faults import CAPILLARY
from bot.providers.capillary.settings import CapillarySettings

#: where Capillary's clusters are known to be
KNOWN = (".capillarytech.com", ".capillarytech.cn.com", ".capillary.co.in")
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class Checks:
    """Tries one thing after the other, and stops where the rest cannot work."""

    def __init__(self, door: Door, calls: Calls, settings: CapillarySettings) -> None:
        self._door, self._calls, self._settings = door, calls, settings

    async def run(self) -> Sequence[Check]:
        """Return what was found; nothing is raised for it."""
        found = [self._cluster()]
        steps: Sequence[tuple[str, Callable[[], Awaitable[str]]]] = (
            (words.KEY, self._door.enter),
            (words.PROGRAM, self._program),
            (words.CUSTOMERS, self._customers),
        )
        for name, step in steps:
            found.append(await _tried(name, step))
            if not found[-1].ok:
                return found
        return [*found, self._revoking()]

    def _cluster(self) -> Check:
        host = urlsplit(self._settings.api_url).hostname or ""
        known = host in LOOPBACK or host.endswith(KNOWN)
        says = host if known else words.unknown_cluster(host)
        return Check(name=words.CLUSTER, ok=True, says=says, doubtful=not known)

    async def _program(self) -> str:
        try:
            count = len(await self._calls.promotions())
        except Rejected as error:
            if error.code != "refused":
                raise
            raise Rejected(CAPILLARY, words.not_served(error.detail, PROMOTIONS), code=error.code) from None
        return words.promotions(self._settings.program_id, count)

    async def _customers(self) -> str:
        await self._calls.customer("externalId", NOBODY)
        return words.customers(self._settings.source)

    def _revoking(self) -> Check:
        says = words.IDS_PROVED if self._settings.issued_ids_proved else words.IDS_OURS
        return Check(name=words.REVOKES, ok=True, says=says)


async def _tried(name: str, step: Callable[[], Awaitable[str]]) -> Check:
    try:
        return Check(name=name, ok=True, says=await step())
    except Rejected as error:
        return Check(name=name, ok=False, says=error.detail)
    except ProviderError as error:
        says = words.out_of_reach(error.detail)
        # an address that does not answer at all may be the wrong one
        return Check(name=name, ok=False, says=says, passing=error.code != "unreachable")

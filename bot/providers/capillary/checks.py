"""The start-up checks of Capillary: address, credentials, program, permissions; each says what to do."""

from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

from bot.domain.errors import ProviderError, Rejected
from bot.ports import Check
from bot.providers.capillary.calls import NOBODY, Calls
from bot.providers.capillary.door import Door
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
            ("Capillary credentials", self._door.enter),
            ("Capillary program", self._program),
            ("Capillary customers", self._customers),
        )
        for name, step in steps:
            found.append(await _tried(name, step))
            if not found[-1].ok:
                return found
        return [*found, self._revoking()]

    def _cluster(self) -> Check:
        host = urlsplit(self._settings.api_url).hostname or ""
        known = host in LOOPBACK or host.endswith(KNOWN)
        says = host if known else f"{host} is none of the clusters that Capillary names: check CAPILLARY_API_URL"
        return Check(name="Capillary cluster", ok=True, says=says, doubtful=not known)

    async def _program(self) -> str:
        count = len(await self._calls.promotions())
        if count == 0:
            return f"{self._settings.program_id} has no live promotion: check CAPILLARY_PROGRAM_ID if it should"
        return f"{self._settings.program_id}, live promotions: {count}"

    async def _customers(self) -> str:
        await self._calls.customer("externalId", NOBODY)
        return f"can be looked up in the source {self._settings.source}; whether they may be changed, a change shows"

    def _revoking(self) -> Check:
        says = "ids that reads show may be named" if self._settings.issued_ids_proved else "only what this bot issued"
        return Check(name="Capillary revokes", ok=True, says=says)


async def _tried(name: str, step: Callable[[], Awaitable[str]]) -> Check:
    try:
        return Check(name=name, ok=True, says=await step())
    except Rejected as error:
        return Check(name=name, ok=False, says=error.detail)
    except ProviderError as error:
        says = f"{error.detail}; check CAPILLARY_API_URL and the network, then try again"
        # an address that does not answer at all may be the wrong one
        return Check(name=name, ok=False, says=says, passing=error.code != "unreachable")

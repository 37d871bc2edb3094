"""The bad days of the local providers, and the switches that bring them about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.sandbox.capillary import LocalCapillary
from bot.sandbox.capillary import Trouble as CapillaryTrouble
from bot.sandbox.kajabi import LocalKajabi
from bot.sandbox.kajabi import Trouble as KajabiTrouble
from bot.sandbox.model import Json
from bot.sandbox.page.given import Malformed, flag, whole
from bot.sandbox.remote.answers import Incoming
from bot.sandbox.remote.server import LocalServer
from bot.sandbox.remote.troubles import Trouble

#: what makes a trouble that concerns what changes something, or everything
Makes = Callable[..., Trouble]


@dataclass(kw_only=True, eq=False)
class OfKajabisWrites(KajabiTrouble):
    """Concerns grant, revoke and the creation of a contact."""

    def meets(self, call: Incoming) -> bool:
        return call.method != "GET" and call.path.startswith("/v1/contacts") and super().meets(call)


@dataclass(kw_only=True, eq=False)
class OfCapillarysWrites(CapillaryTrouble):
    """Concerns enrolling, issuing and revoking."""

    def meets(self, call: Incoming) -> bool:
        return call.path.startswith("/v2/promotion/") and super().meets(call)


@dataclass(frozen=True)
class Day:
    """`plays`: the trouble of that name in the local provider."""

    describes: str
    plays: str
    options: Json = field(default_factory=dict)
    writes: bool = True


ANY: dict[str, Day] = {
    "slow": Day("Every answer takes 3 seconds", "slow", {"seconds": 3.0}, writes=False),
    "refuse": Day("Refuses every change with 403: the API key has lost its permission", "forbidden"),
    "rate_limit": Day("Answers everything with 429", "rate_limited", {"retry_after": 5}, writes=False),
    "server_error": Day("Answers everything with 500", "server_error", writes=False),
    "html": Day("Answers everything with a web page instead of data", "html", {"status": 503}, writes=False),
    "timeout_after": Day(
        "Makes the change, and the connection breaks before the answer", "timeout_after", {"closed": True}
    ),
    "timeout_before": Day("The connection breaks before the change is made", "timeout_before", {"closed": True}),
    "silence": Day("Never answers a change; the bot gives up after its own time-out", "timeout_before"),
    "forget": Day("Says that the change is made, and does not make it", "forget"),
    "lag": Day("What is changed can be read only after 40 seconds", "lag", {"seconds": 40.0}),
    "token": Day("The API token expires in the middle of the work", "expired_token", writes=False),
}
KAJABI = ANY
CAPILLARY = ANY | {
    "used_up": Day("Answers a grant like a success, with a warning that the customer’s limit is used up", "used_up"),
    "busy": Day("Refuses every change: something else is being done for this customer", "busy"),
}


class RemoteDays:
    """Which troubles of one provider there are, and which are on."""

    def __init__(self, title: str, server: LocalServer, days: Mapping[str, Day], of_writes: Makes) -> None:
        self._title, self._server, self._days, self._of_writes = title, server, days, of_writes
        self._on: dict[str, Trouble] = {}

    @property
    def on(self) -> list[str]:
        return [name for name, trouble in self._on.items() if not trouble.over]

    def shown(self) -> list[Json]:
        on = self.on
        return [{"name": name, "on": name in on, "describes": day.describes} for name, day in self._days.items()]

    def switch(self, name: str, given: Json) -> None:
        """Raises `Malformed` with the reason."""
        day = self._days.get(name)
        if day is None:
            raise Malformed(f"{self._title} has no trouble {name!r}.")
        before = self._on.pop(name, None)
        if before is not None:
            before.stop()
            if before in self._server.troubles:
                self._server.troubles.remove(before)
        if not flag(given, "on"):
            return
        kind = self._of_writes if day.writes else self._server.kind_of_trouble
        options = day.options | (given.get("options") or {})
        try:
            trouble = kind(name=day.plays, method=None, path="*", times=times(given), options=options)
        except TypeError as wrong:
            raise Malformed(f"The trouble {name!r} does not take that: {wrong}.") from None
        # a lag goes on to the next trouble that matches, all others end the search
        place = 0 if day.plays == "lag" else len(self._server.troubles)
        self._server.troubles.insert(place, trouble)
        self._on[name] = trouble


def days_of(kajabi: LocalKajabi, capillary: LocalCapillary | None) -> dict[str, RemoteDays]:
    """Those of each provider that there is."""
    days = {"kajabi": RemoteDays("Kajabi", kajabi, KAJABI, OfKajabisWrites)}
    if capillary is not None:
        days["capillary"] = RemoteDays("Capillary", capillary, CAPILLARY, OfCapillarysWrites)
    return days


def times(given: Json) -> int | None:
    """How often it is to happen; None: until it is switched off."""
    return None if given.get("times") is None else whole(given, "times", least=1)

"""What do sentences know besides what they are about? How providers are called here, and where things stand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.draft import AddressKind
from bot.domain.pause import Pause
from bot.domain.request import Case
from bot.words.text import safe

_WORKSPACE = re.compile(r"https://[\w.-]+/")
_PLACE = re.compile(r"archives/[A-Z0-9]+/p[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What all messages have in common: how providers are called, and where failures are told too."""

    titles: Mapping[str, str]
    #: the providers that can create a contact
    creators: frozenset[str] = frozenset()
    #: those that have no welcome mail
    silent: frozenset[str] = frozenset()
    #: how each provider's customers can be named
    addresses: Mapping[str, frozenset[AddressKind]] = field(default_factory=dict)
    #: which ids the revokes of some providers take, in a sentence
    ids: Mapping[str, str] = field(default_factory=dict)
    #: whether files that people upload can be read, and files be given to them
    reads_files: bool = False
    writes_files: bool = False
    alerts: str | None = None
    #: the workspace's own address, as Slack gives it; empty when it gave none
    workspace: str = ""
    #: nothing is sent for now
    pause: Pause | None = None
    #: the ending that is told was followed by another try
    tried_again: bool = False
    #: how many rows of a list are finished in a second; None: nobody can tell
    rate: float | None = None

    def provider(self, case: Case) -> str:
        """Name the provider as people know it; unescaped."""
        return self.titles.get(case.request.provider, case.request.provider)

    def apart(self, case: Case) -> str:
        """Name the provider where there are several; else it is empty."""
        return safe(self.provider(case), 40) if len(self.titles) > 1 else ""

    def link(self, channel: str, ts: str) -> str:
        """Return the address of a message; empty where nobody can tell it."""
        place = f"archives/{channel}/p{ts.replace('.', '')}"
        return f"{self.workspace}{place}" if _WORKSPACE.fullmatch(self.workspace) and _PLACE.fullmatch(place) else ""

    def named(self, request_id: str, card: tuple[str, str] | None) -> str:
        """Name a request, as a link to its card where it has one."""
        url = self.link(*card) if card is not None else ""
        return f"<{url}|{request_id}>" if url else request_id

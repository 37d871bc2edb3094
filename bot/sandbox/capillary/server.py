"""The local Capillary on the wire."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping

from bot.sandbox.capillary import api
from bot.sandbox.capillary.access import Access
from bot.sandbox.capillary.account import Account
from bot.sandbox.capillary.answers import signal
from bot.sandbox.capillary.conduct import Conduct
from bot.sandbox.capillary.finding import Finder
from bot.sandbox.capillary.troubles import Trouble
from bot.sandbox.remote.answers import Answer, Incoming
from bot.sandbox.remote.server import Exchange, LocalServer

MINUTE = 60.0


class LocalCapillary(Account, LocalServer):
    """An org of Capillary for as long as the `async with` lasts."""

    kind_of_trouble = Trouble

    def __init__(
        self,
        *,
        clients: Mapping[str, str] | None = None,
        tills: Mapping[str, str] | None = None,
        clock: Callable[[], float] = time.time,
        conduct: Conduct | None = None,
        on_exchange: Callable[[Exchange], None] | None = None,
        port: int = 0,
    ) -> None:
        Account.__init__(self, clock=clock, conduct=conduct or Conduct())
        LocalServer.__init__(self, clock=clock, on_exchange=on_exchange, port=port)
        self.access = Access(clients or {"key": "secret"}, tills or {}, clock=clock, conduct=self.conduct)

    def expire_tokens(self) -> None:
        """As if their time had come."""
        self.access.expire_tokens()

    def rotate_key(self, client_id: str, secret: str) -> None:
        """A new secret, which ends every token."""
        self.access.rotate_key(client_id, secret)

    def limit_per_minute(self, calls: int) -> None:
        """Answer 429 to what comes beyond so many calls a minute."""
        self.limit(calls / MINUTE, burst=calls)

    def work(self, incoming: Incoming, *, in_vain: bool = False) -> Answer:
        books = copy.deepcopy(self.books) if in_vain else self.books
        finder = Finder(books, self.conduct, accounts=self.accounts, entities=self.entities)
        return api.answer(incoming, books=books, access=self.access, conduct=self.conduct, finder=finder)

    def refuse(self, status: int) -> Answer:
        return signal(status)

    def spoil_token(self, incoming: Incoming) -> None:
        self.access.spoil(incoming)

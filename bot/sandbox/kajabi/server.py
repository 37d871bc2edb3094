"""The local Kajabi on the wire."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping

from bot.sandbox.kajabi import api
from bot.sandbox.kajabi.access import Access
from bot.sandbox.kajabi.account import Account
from bot.sandbox.kajabi.answers import DETAILS, error
from bot.sandbox.kajabi.conduct import Conduct
from bot.sandbox.kajabi.troubles import Trouble
from bot.sandbox.remote.answers import Answer, Incoming
from bot.sandbox.remote.server import Exchange, LocalServer


class LocalKajabi(Account, LocalServer):
    """An account of Kajabi for as long as the `async with` lasts."""

    kind_of_trouble = Trouble

    def __init__(
        self,
        *,
        clients: Mapping[str, str] | None = None,
        clock: Callable[[], float] = time.time,
        conduct: Conduct | None = None,
        on_exchange: Callable[[Exchange], None] | None = None,
        port: int = 0,
    ) -> None:
        Account.__init__(self, clock=clock, conduct=conduct or Conduct())
        LocalServer.__init__(self, clock=clock, on_exchange=on_exchange, port=port)
        self.access = Access(clients or {"id": "secret"}, clock=clock, conduct=self.conduct)

    def expire_tokens(self) -> None:
        """As if their time had come: refresh tokens still work."""
        self.access.expire_tokens()

    def rotate_key(self, client_id: str, secret: str) -> None:
        """A new secret, which ends every token of that key."""
        self.access.rotate_key(client_id, secret)

    def work(self, incoming: Incoming, *, in_vain: bool = False) -> Answer:
        books = copy.deepcopy(self.books) if in_vain else self.books
        return api.answer(incoming, books=books, access=self.access, conduct=self.conduct)

    def refuse(self, status: int) -> Answer:
        return error(status, DETAILS[status])

    def spoil_token(self, incoming: Incoming) -> None:
        self.access.spoil(incoming)

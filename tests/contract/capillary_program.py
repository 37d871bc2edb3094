"""A provider over a local Capillary that remembers what it was answered, as the bot's store does."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.request import Action, Change, Contact
from bot.ports import Permit, permitted
from bot.providers.capillary import Capillary, CapillarySettings
from bot.sandbox.capillary import Conduct, Customer, Kind, LocalCapillary, Promotion
from bot.sandbox.remote.server import Exchange
from tests.contract.provider_worlds import PATIENCE, Unpaced, change


@dataclass(kw_only=True)
class Program:
    """Capillary's side and the bot's."""

    local: LocalCapillary
    exchanges: list[Exchange]
    provider: Capillary = field(init=False)
    kept: list[tuple[str | None, str, str]] = field(default_factory=list)

    def promotion(self, kind: Kind = Kind.ENROL_AND_ISSUE, **told: Any) -> Promotion:
        return self.local.add_promotion("Double Points", kind, **({"issues": 9, "enrolments": 9} | told))

    def customer(self, name: str = "Jane") -> Customer:
        return self.local.add_customer(name, email=f"{name.lower()}@example.com")

    async def receipts(self, contact: Contact) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for customer, promotion, receipt in self.kept:
            if customer == contact.id:
                found.setdefault(promotion, []).append(receipt)
        return found

    async def make(
        self,
        action: Action,
        promotion: Promotion,
        *customers: Customer,
        permit: Permit = permitted,
        ids: tuple[str, ...] = (),
    ) -> list[Any]:
        """Write, and keep the receipts."""
        changes = [replace(self._change(action, promotion, one), ids=ids) for one in customers]
        answers = list(await self.provider.write(changes, permit=permit))
        self.kept += [
            (one.contact.id, one.offer_id, answer)
            for one, answer in zip(changes, answers, strict=True)
            if isinstance(answer, str)
        ]
        return answers

    async def grant(self, promotion: Promotion, customer: Customer) -> Any:
        return (await self.make(Action.GRANT, promotion, customer))[0]

    async def revoke(self, promotion: Promotion, customer: Customer, *ids: str) -> Any:
        return (await self.make(Action.REVOKE, promotion, customer, ids=ids))[0]

    def made(self, action: str) -> int:
        """How often Capillary did it."""
        return sum(count for (what, _, _), count in self.local.effects.items() if what == action)

    @staticmethod
    def _change(action: Action, promotion: Promotion, customer: Customer) -> Change:
        contact = Contact(provider="capillary", address=f"id:{customer.id}", id=str(customer.id), name="x")
        return change(action, contact, str(promotion.id))


@asynccontextmanager
async def program(
    conduct: Conduct | None = None, *, patience: float = PATIENCE, pacer: Unpaced | None = None, **told: Any
) -> AsyncIterator[Program]:
    exchanges: list[Exchange] = []
    async with LocalCapillary(conduct=conduct, on_exchange=exchanges.append) as local:
        found = Program(local=local, exchanges=exchanges)
        settings = CapillarySettings(
            api_url=local.url, program_id=local.add_program().id, **({"key": "key", "secret": "secret"} | told)
        )
        provider = Capillary(
            settings, pacer=pacer or Unpaced(), clock=time.time, receipts=found.receipts, timeout=PATIENCE
        )
        async with provider:
            found.provider = provider
            yield found

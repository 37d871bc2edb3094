"""Each provider with its local counterpart, in the words that the contract of all providers is written in."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.errors import ProviderError
from bot.domain.request import Action, Change, Contact, Reading
from bot.ports import Provider, Target
from bot.providers.kajabi import Kajabi, KajabiSettings
from bot.sandbox.kajabi import Conduct, LocalKajabi
from tests.contract.openapi import OpenApiWitness

#: seconds after which the provider gives a call up
TIMEOUT = 0.4
#: stands for the id of the first site, which the local Kajabi gives
FIRST = "first"


@dataclass
class Unpaced:
    """A pacer for tests: nobody waits, and what was asked to be held is noted."""

    held: list[float] = field(default_factory=list)

    async def wait(self) -> None:
        await asyncio.sleep(0)

    async def hold(self, seconds: float) -> None:
        self.held.append(seconds)


@dataclass(kw_only=True)
class KajabiWorld:
    local: LocalKajabi
    provider: Kajabi
    pacer: Unpaced
    witness: OpenApiWitness

    def offer(self, title: str, **told: Any) -> str:
        return self.local.add_offer(title, **told).id

    def contact(self, address: str, name: str = "Jane") -> Contact:
        return Contact(provider="kajabi", address=address, id=self.local.add_contact(address, name).id, name=name)

    def give(self, contact: Contact, offer_id: str) -> None:
        self.local.grant(contact.id or contact.address, offer_id)

    def holds(self, contact: Contact) -> set[str]:
        return self.local.holds(contact.id or contact.address)

    def trouble_reading(self, name: str, *, times: int | None = None, **options: Any) -> None:
        self.local.trouble(name, method="GET", path="/v1/*", times=times, **options)

    def trouble_writing(self, name: str, *, times: int | None = None, **options: Any) -> None:
        for method in ("POST", "DELETE"):
            self.local.trouble(name, method=method, path="/v1/contacts*", times=times, **options)

    def writes(self) -> int:
        return len(self.local.called("POST", "/v1/contacts*")) + len(self.local.called("DELETE"))

    def other_site_offer(self) -> str:
        return self.local.add_offer("Elsewhere", site=self.local.add_site("Another")).id


World = KajabiWorld


@asynccontextmanager
async def kajabi_world(
    *, conduct: Conduct | None = None, sites: int = 1, client_secret: str = "secret", site_id: str | None = FIRST
) -> AsyncIterator[KajabiWorld]:
    witness, pacer = OpenApiWitness(), Unpaced()
    async with LocalKajabi(conduct=conduct, on_exchange=witness) as local:
        for number in range(sites):
            local.add_site(f"Site {number + 1}")
        chosen = next(iter(local.books.sites)) if site_id == FIRST else site_id
        settings = KajabiSettings(client_id="id", client_secret=client_secret, site_id=chosen, api_url=local.url)
        async with Kajabi(settings, pacer=pacer, clock=time.time, timeout=TIMEOUT) as provider:
            yield KajabiWorld(local=local, provider=provider, pacer=pacer, witness=witness)
    witness.assert_agreement()


WORLDS = {"kajabi": kajabi_world}


def change(action: Action, contact: Contact, offer_id: str = "", **told: Any) -> Change:
    return Change(
        id=1,
        request_id="R-2222",
        action=action,
        provider=contact.provider,
        contact=contact,
        offer_id=offer_id,
        **told,
    )


async def read(provider: Provider, contact: Contact, offer_id: str | None = None, **options: Any) -> Reading:
    (answer,) = await provider.read([Target(contact=contact, offer_id=offer_id)], **options)
    if isinstance(answer, ProviderError):
        raise answer
    return answer


async def write(provider: Provider, one: Change) -> str:
    (answer,) = await provider.write([one])
    if isinstance(answer, ProviderError):
        raise answer
    return answer


def by_address(contact: Contact) -> Contact:
    return replace(contact, id=None, name="", customer_id=None)

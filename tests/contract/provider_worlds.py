"""Each provider with its local counterpart, in the words that the contract of all providers is written in."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol

from bot.domain.errors import ProviderError
from bot.domain.request import Action, Change, Contact, Reading
from bot.ports import Provider, Target
from bot.providers.capillary import Capillary, CapillarySettings
from bot.providers.kajabi import Kajabi, KajabiSettings
from bot.sandbox import capillary
from bot.sandbox.capillary import Kind, LocalCapillary
from bot.sandbox.kajabi import Conduct, LocalKajabi
from bot.sandbox.remote.server import Call, LocalServer
from tests.contract.deviations import OF_CAPILLARY
from tests.contract.openapi import OpenApiWitness

#: seconds after which the provider gives a call up, where nothing is meant to take long
PATIENCE = 5.0
#: stands for the id of the first site, which the local Kajabi gives
FIRST = "first"


@dataclass
class Unpaced:
    """A pacer for tests: nobody waits, and what was asked to be held is noted."""

    held: list[float] = field(default_factory=list)
    slowed: list[float] = field(default_factory=list)

    async def wait(self) -> None:
        await asyncio.sleep(0)

    async def hold(self, seconds: float, *, slower: bool = False) -> None:
        self.held.append(seconds)
        self.slowed += [seconds] * slower


class World(Protocol):
    """A provider with its counterpart. What providers differ in, the suite asks the provider itself."""

    @property
    def local(self) -> LocalServer: ...

    @property
    def provider(self) -> Provider: ...

    @property
    def pacer(self) -> Unpaced: ...

    @property
    def tokens(self) -> Sequence[str]:
        """Those that the counterpart has given."""

    #: the setting that a sentence about wrong credentials must name
    secret_setting: str

    def offer(self, title: str, *, description: str = "") -> str: ...

    def contact(self, address: str, name: str = "Jane") -> Contact: ...

    def give(self, contact: Contact, offer_id: str) -> None: ...

    def holds(self, contact: Contact) -> set[str]: ...

    def trouble_reading(self, name: str, *, times: int | None = None, **options: Any) -> None: ...

    def trouble_writing(self, name: str, *, times: int | None = None, **options: Any) -> None: ...

    def written(self) -> Sequence[Call]:
        """The calls that have come in to change something."""

    def tokens_bought(self) -> int: ...

    def change_secret(self) -> None: ...


@dataclass(kw_only=True)
class KajabiWorld:
    secret_setting = "KAJABI_CLIENT_SECRET"

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

    def written(self) -> Sequence[Call]:
        return [*self.local.called("POST", "/v1/contacts*"), *self.local.called("DELETE")]

    @property
    def tokens(self) -> Sequence[str]:
        return list(self.local.access.tokens)

    def tokens_bought(self) -> int:
        return len(self.local.called("POST", "/v1/oauth/token"))

    def change_secret(self) -> None:
        self.local.rotate_key("id", "another")

    def other_site_offer(self) -> str:
        return self.local.add_offer("Elsewhere", site=self.local.add_site("Another")).id


@asynccontextmanager
async def kajabi_world(
    *,
    conduct: Conduct | None = None,
    sites: int = 1,
    client_secret: str = "secret",
    site_id: str | None = FIRST,
    patience: float = PATIENCE,
) -> AsyncIterator[KajabiWorld]:
    witness, pacer = OpenApiWitness(), Unpaced()
    async with LocalKajabi(conduct=conduct, on_exchange=witness) as local:
        for number in range(sites):
            local.add_site(f"Site {number + 1}")
        chosen = next(iter(local.books.sites)) if site_id == FIRST else site_id
        settings = KajabiSettings(client_id="id", client_secret=client_secret, site_id=chosen, api_url=local.url)
        async with Kajabi(settings, pacer=pacer, clock=time.time, timeout=patience) as provider:
            yield KajabiWorld(local=local, provider=provider, pacer=pacer, witness=witness)
    witness.assert_agreement()


@dataclass(kw_only=True)
class CapillaryWorld:
    secret_setting = "CAPILLARY_SECRET"

    local: LocalCapillary
    provider: Capillary
    pacer: Unpaced
    witness: OpenApiWitness
    kind: Kind

    def offer(self, title: str, **told: Any) -> str:
        return str(self.local.add_promotion(title, self.kind, **({"issues": 10, "enrolments": 10} | told)).id)

    def contact(self, address: str, name: str = "Jane") -> Contact:
        customer = self.local.add_customer(name, email=address)
        return Contact(provider="capillary", address=address, id=str(customer.id), name=name)

    def give(self, contact: Contact, offer_id: str) -> None:
        self.local.issue(contact.id or contact.address, offer_id)

    def holds(self, contact: Contact) -> set[str]:
        return self.local.holds(contact.id or contact.address)

    def trouble_reading(self, name: str, *, times: int | None = None, **options: Any) -> None:
        self.local.trouble(name, method="GET", times=times, **options)

    def trouble_writing(self, name: str, *, times: int | None = None, **options: Any) -> None:
        self.local.trouble(name, method="POST", path="/v2/promotion/*", times=times, **options)

    def written(self) -> Sequence[Call]:
        return self.local.called("POST", "/v2/promotion/*")

    @property
    def tokens(self) -> Sequence[str]:
        return list(self.local.access.tokens)

    def tokens_bought(self) -> int:
        return len(self.local.called("POST", "/v3/oauth/token/generate"))

    def change_secret(self) -> None:
        self.local.rotate_key("key", "another")


@asynccontextmanager
async def capillary_world(
    kind: Kind = Kind.DIRECT,
    *,
    conduct: capillary.Conduct | None = None,
    proved: bool = False,
    patience: float = PATIENCE,
    **told: Any,
) -> AsyncIterator[CapillaryWorld]:
    """`proved`: ids that reads show may be revoked; else those that the bot remembers, here all that were issued.

    `told`: more settings.
    """
    witness, pacer = OpenApiWitness(OF_CAPILLARY, documents=("capillary.yaml",)), Unpaced()
    async with LocalCapillary(conduct=conduct, on_exchange=witness) as local:

        async def receipts(contact: Contact) -> Mapping[str, Sequence[str]]:
            customer, promotions = local.customer(contact.id or ""), local.books.promotions.values()
            issued = {str(one.id): local.books.issued(customer, one) for one in promotions}
            return {} if proved else {one: [f"issued {issue.id}" for issue in some] for one, some in issued.items()}

        settings = CapillarySettings(
            api_url=local.url,
            program_id=local.add_program().id,
            issued_ids_proved=proved,
            **({"key": "key", "secret": "secret"} | told),
        )
        async with Capillary(settings, pacer=pacer, clock=time.time, receipts=receipts, timeout=patience) as provider:
            yield CapillaryWorld(local=local, provider=provider, pacer=pacer, witness=witness, kind=kind)
    witness.assert_agreement()


WORLDS: Mapping[str, Callable[..., AbstractAsyncContextManager[World]]] = {
    "kajabi": kajabi_world,
    "capillary, direct issue": partial(capillary_world, Kind.DIRECT, proved=True),
    "capillary, enrol and issue": partial(capillary_world, Kind.ENROL_AND_ISSUE),
}


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

"""A local Kajabi with a client that is let in, for tests of the local Kajabi itself."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from bot.sandbox.kajabi import Contact, LocalKajabi, Offer

JSON_API = "application/vnd.api+json"
KEY = {"grant_type": "client_credentials", "client_id": "id", "client_secret": "secret"}


class Client:
    """Speaks to a local Kajabi as a careful program would, and hands back what came."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.token = ""

    async def authenticate(self, **form: str) -> httpx.Response:
        answer = await self.http.post("/v1/oauth/token", data=form or KEY)
        if answer.status_code == httpx.codes.OK:
            self.token = answer.json()["access_token"]
        return answer

    async def get(self, path: str, **params: str) -> httpx.Response:
        return await self.http.get(path, params=params or None, headers=self.headers())

    async def send(self, method: str, path: str, content: Any) -> httpx.Response:
        body = json.dumps(content).encode()
        headers = self.headers() | {"Content-Type": JSON_API}
        return await self.http.request(method, path, content=body, headers=headers)

    async def grant(self, contact: Contact, *offers: Offer | str, **meta: bool) -> httpx.Response:
        named = identifiers(*offers)
        return await self.send("POST", offers_of(contact), named | ({"meta": meta} if meta else {}))

    async def revoke(self, contact: Contact, *offers: Offer | str) -> httpx.Response:
        return await self.send("DELETE", offers_of(contact), identifiers(*offers))

    async def granted(self, contact: Contact) -> set[str]:
        answer = await self.get(offers_of(contact))
        return ids(answer)

    async def create(self, email: str, *, site_id: str, name: str = "New Person") -> httpx.Response:
        data = {
            "type": "contacts",
            "attributes": {"name": name, "email": email},
            "relationships": {"site": {"data": {"type": "sites", "id": site_id}}},
        }
        return await self.send("POST", "/v1/contacts", {"data": data})

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def identifiers(*offers: Offer | str) -> dict[str, Any]:
    named = [offer if isinstance(offer, str) else offer.id for offer in offers]
    return {"data": [{"type": "offers", "id": offer_id} for offer_id in named]}


def offers_of(contact: Contact) -> str:
    return f"/v1/contacts/{contact.id}/relationships/offers"


def ids(answer: httpx.Response) -> set[str]:
    return {item["id"] for item in answer.json()["data"]}


@asynccontextmanager
async def served(kajabi: LocalKajabi, *, patience: float = 5) -> AsyncIterator[Client]:
    async with kajabi, httpx.AsyncClient(base_url=kajabi.url, timeout=patience, trust_env=False) as http:
        client = Client(http)
        await client.authenticate()
        yield client

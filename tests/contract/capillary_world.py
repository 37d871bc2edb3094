"""A local Capillary with a client that is let in, for tests of the local Capillary itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from bot.sandbox.capillary import Customer, LocalCapillary, Promotion

KEY = {"key": "key", "secret": "secret"}
TOKENS = "/v3/oauth/token/generate"
GRANT, REVOKE = "/v2/promotion/bulk/enrolAndEarn", "/v2/promotion/bulk/revokeEnrolAndEarn"
LOOKUP, HELD = "/v2/customers/lookup", "/v2/customers/lookup/promotionData"
LIST = "/api_gateway/loyalty/v1/programs/promotions/list"


class Client:
    """Speaks to a local Capillary as a careful program would, and hands back what came."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def authenticate(self, **given: str) -> httpx.Response:
        answer = await self.http.post(TOKENS, json=given or KEY)
        if answer.status_code == httpx.codes.OK:
            self.http.headers["X-CAP-API-OAUTH-TOKEN"] = answer.json()["data"]["accessToken"]
        return answer

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.http.get(path, params=params or None)

    async def look_up(self, name: str, value: str, *, source: str = "INSTORE", **more: str) -> httpx.Response:
        return await self.get(LOOKUP, source=source, identifierName=name, identifierValue=value, **more)

    async def held(self, customer: Customer, **more: Any) -> httpx.Response:
        named = {"identifierName": "id", "identifierValue": str(customer.id), "source": "INSTORE"}
        return await self.get(HELD, **named, **more)

    async def timelines(self, customer: Customer, promotion: Promotion) -> Any:
        promotions = (await self.held(customer)).json()["promotions"]
        return next(one for one in promotions if one["promotionId"] == promotion.id)["customerPromotionTimelines"]

    async def bulk(
        self, action: str, promotion: Promotion, *who: Customer | dict[str, Any], **other: Any
    ) -> httpx.Response:
        """One action for some customers; `other` replaces parts of the body."""
        body = {
            "type": "CUSTOMER",
            "bulkAction": action,
            "promotionDetails": {"programId": promotion.program_id, "promotionId": promotion.id},
            "identifierName": "id",
            "customers": [entry(one) if isinstance(one, Customer) else one for one in who],
        }
        return await self.http.post(REVOKE if "REVOKE" in action else GRANT, json=body | other)


def entry(customer: Customer, **more: Any) -> dict[str, Any]:
    return {"identifierValue": str(customer.id), "source": "INSTORE"} | more


def codes(answer: httpx.Response) -> list[list[int]]:
    """The codes of errors and warnings, by item."""
    return [[one["code"] for one in (*item["errors"], *item["warnings"])] for item in answer.json()["response"]]


def results(answer: httpx.Response) -> list[dict[str, Any]]:
    return [item["result"] for item in answer.json()["response"] if "result" in item]


@asynccontextmanager
async def served(capillary: LocalCapillary, *, patience: float = 5) -> AsyncIterator[Client]:
    async with capillary, httpx.AsyncClient(base_url=capillary.url, timeout=patience, trust_env=False) as http:
        client = Client(http)
        await client.authenticate()
        yield client

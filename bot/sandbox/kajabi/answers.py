"""A call as it comes in, and an answer before it becomes bytes on a wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from bot.sandbox.kajabi.nouns import Lag

JSON_API = "application/vnd.api+json"
JSON = "application/json"
HTML = "text/html; charset=utf-8"

HTML_PAGE = "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"


@dataclass(kw_only=True)
class Incoming:
    """One request, read whole."""

    method: str
    path: str
    query: dict[str, str]
    base_url: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    lag: Lag | None = None

    @property
    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


@dataclass(kw_only=True)
class Answer:
    status: int
    body: bytes = b""
    media_type: str | None = JSON_API
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class Refusal(Exception):
    """A request that ends with an error document."""

    def __init__(self, status: int, detail: str, *, pointer: str | None = None) -> None:
        super().__init__(detail)
        self.answer = error(status, detail, pointer=pointer)


TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    415: "Unsupported Media Type",
    422: "Unprocessable Entity",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}

UNAUTHORIZED = "The request is missing an Authorization token, or token is invalid/has expired"


def document(content: Any, *, status: int = 200, media_type: str = JSON_API) -> Answer:
    return Answer(status=status, body=json.dumps(content).encode(), media_type=media_type)


def error(status: int, detail: str, *, pointer: str | None = None) -> Answer:
    source = {"pointer": pointer} if pointer else None
    entry = {"status": str(status), "source": source, "title": TITLES[status], "detail": detail}
    return document({"errors": [entry]}, status=status)


def page(status: int, title: str) -> Answer:
    return Answer(status=status, body=HTML_PAGE.format(title=title).encode(), media_type=HTML)


def json_body(call: Incoming) -> dict[str, Any]:
    """The JSON:API document of a write, or the refusal that the real one would answer."""
    if call.media_type != JSON_API:
        raise Refusal(415, f"Content-Type must be {JSON_API}")
    try:
        content = json.loads(call.body)
    except ValueError:
        raise Refusal(400, "The request body is not valid JSON") from None
    if not isinstance(content, dict) or "data" not in content:
        raise Refusal(400, "param is missing or the value is empty: data", pointer="/data")
    return content

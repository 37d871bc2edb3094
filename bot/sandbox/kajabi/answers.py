"""Kajabi's documents: JSON:API, in answers, errors and the bodies of writes."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.remote.answers import Answer, Incoming
from bot.sandbox.remote.answers import document as plain

JSON_API = "application/vnd.api+json"


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

#: what it says when nothing in the request is to blame
DETAILS = {
    403: "You do not have permission to access this resource",
    429: "Too many requests. Please slow down.",
    500: "We're sorry, but something went wrong",
    503: "The service is down for maintenance",
}

UNAUTHORIZED = "The request is missing an Authorization token, or token is invalid/has expired"


def document(content: Any, *, status: int = 200) -> Answer:
    return plain(content, status=status, media_type=JSON_API)


def error(status: int, detail: str, *, pointer: str | None = None) -> Answer:
    source = {"pointer": pointer} if pointer else None
    entry = {"status": str(status), "source": source, "title": TITLES[status], "detail": detail}
    return document({"errors": [entry]}, status=status)


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

"""A call as it comes in, and an answer before it becomes bytes on a wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

JSON = "application/json"
HTML = "text/html; charset=utf-8"

HTML_PAGE = "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"


@dataclass(frozen=True, kw_only=True)
class Lag:
    """How long a write stays hidden from reads: a time, or a number of reads of each address."""

    seconds: float | None = None
    reads: int | None = None


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
    media_type: str | None = JSON
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


def document(content: Any, *, status: int = 200, media_type: str = JSON) -> Answer:
    return Answer(status=status, body=json.dumps(content).encode(), media_type=media_type)


def page(status: int, title: str) -> Answer:
    return Answer(status=status, body=HTML_PAGE.format(title=title).encode(), media_type=HTML)


def timestamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

"""Do requests and answers agree with a provider's OpenAPI documents?

The documents are read as closed: a member, a parameter, a status or a media type that they do not name is a
disagreement, unless DEVIATIONS says why it may be. That is the one list of what the documents leave out.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import yaml
from jsonschema.exceptions import ValidationError
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue

from bot.sandbox.remote.server import Exchange
from tests.contract.deviations import DEVIATIONS, Deviation, Disagreement

SPECS = Path(__file__).parent / "specs"
DOCUMENTS = ("kajabi-1.0.1.yaml", "kajabi-1.1.0.yaml")
#: members whose values the documents limit, too
LIMITED = {"type", "bulkAction", "identifierName", "source"}
#: the most that a list may hold, where a document says it
LONGEST = 100
#: its page allows tokens without a word of how they are sent, so that only the other way could be written down
HALF_OPEN = {"capillary.yaml"}


class OpenApiWitness:
    """Sees every exchange (`on_exchange=witness` of a local provider) and says at the end what did not agree.

    The documents constrain names and types, hardly values. So exchanges of one shape are validated once, and
    nothing is validated while a test is running.
    """

    def __init__(self, deviations: Iterable[Deviation] = DEVIATIONS, *, documents: tuple[str, ...] = DOCUMENTS) -> None:
        self.deviations = tuple(deviations)
        self.documents = documents
        self.exchanges: list[Exchange] = []
        self.used: Counter[str] = Counter()

    def __call__(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)

    def disagreements(self) -> list[Disagreement]:
        found = (seen for exchange in self.exchanges for seen in compare(exchange, self.documents))
        return [seen for seen in dict.fromkeys(found) if not self._explained(seen)]

    def assert_agreement(self) -> None:
        disagreements = self.disagreements()
        assert not disagreements, "\n".join(["not as the OpenAPI documents say:", *map(str, disagreements)])

    def _explained(self, seen: Disagreement) -> bool:
        for deviation in self.deviations:
            if deviation.covers(seen):
                self.used[deviation.name] += 1
                return True
        return False


SEEN_SHAPES: dict[Any, tuple[Disagreement, ...]] = {}


def compare(exchange: Exchange, documents: tuple[str, ...]) -> tuple[Disagreement, ...]:
    shape = documents, shape_of(exchange)
    if shape not in SEEN_SHAPES:
        SEEN_SHAPES[shape] = tuple(validate(exchange, documents))
    return SEEN_SHAPES[shape]


def validate(exchange: Exchange, documents: tuple[str, ...]) -> Iterator[Disagreement]:
    path = unquote(urlsplit(exchange.url).path)
    declaring = [document for name in documents if (document := load(name)).operation(exchange.method, path)]
    if not declaring:
        yield Disagreement(
            document="all",
            method=exchange.method,
            route=path,
            status=exchange.status,
            side="request",
            rule="operation",
            place="",
        )
    for document in declaring:
        yield from document.disagreements(exchange, path)


class Document:
    """One OpenAPI document, closed, and loaded once."""

    def __init__(self, name: str) -> None:
        self.name = name.removesuffix(".yaml")
        self.raw: dict[str, Any] = yaml.safe_load((SPECS / name).read_text())
        close(self.raw)
        if name in HALF_OPEN:
            del self.raw["security"]
        self.openapi = OpenAPI.from_dict(self.raw)
        self.server = str(self.raw["servers"][0]["url"])
        self.routes = {route: re.compile(re.sub(r"\{\w+\}", "[^/]+", route)) for route in self.raw["paths"]}

    def operation(self, method: str, path: str) -> tuple[str, dict[str, Any]] | None:
        for route, pattern in self.routes.items():
            if pattern.fullmatch(path) and method.lower() in self.raw["paths"][route]:
                return route, self.raw["paths"][route][method.lower()]
        return None

    def disagreements(self, exchange: Exchange, path: str) -> Iterator[Disagreement]:
        operation = self.operation(exchange.method, path)
        assert operation is not None
        route, declared = operation
        same: dict[str, Any] = {
            "document": self.name,
            "method": exchange.method,
            "route": route,
            "status": exchange.status,
        }
        query = parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True)
        names = {parameter["name"] for parameter in declared.get("parameters", [])}
        for name in {name for name, _ in query} - names:
            yield Disagreement(**same, side="request", rule="parameter", place="", member=name)
        request = MockRequest(
            self.server,
            exchange.method.lower(),
            path,
            args=dict(query),
            headers=dict(exchange.request_headers),
            data=exchange.request_body or None,
            content_type=media_type(exchange.request_headers),
        )
        for error in self.openapi.iter_request_errors(request):
            yield from told(error, side="request", **same)
        yield from self._answer(exchange, request, declared["responses"], same)

    def _answer(
        self, exchange: Exchange, request: MockRequest, responses: dict[str, Any], same: dict[str, Any]
    ) -> Iterator[Disagreement]:
        if exchange.troubled or exchange.status is None:
            yield Disagreement(**same, side="answer", rule="trouble", place="")
            return
        if str(exchange.status) not in responses:
            yield Disagreement(**same, side="answer", rule="status", place="")
            return
        response = MockResponse(
            exchange.response_body, exchange.status, content_type=media_type(exchange.response_headers)
        )
        for error in self.openapi.iter_response_errors(request, response):
            yield from told(error, side="answer", **same)


@cache
def load(name: str) -> Document:
    return Document(name)


def close(schema: Any) -> None:
    """What an object's schema does not name is not allowed."""
    if isinstance(schema, dict):
        if schema.get("type") == "object" and "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for inner in schema.values():
            close(inner)
    if isinstance(schema, list):
        for inner in schema:
            close(inner)


def told(error: Exception, **same: Any) -> Iterator[Disagreement]:
    """openapi-core wraps what jsonschema found, at times more than once."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, InvalidSchemaValue):
        cause = cause.__cause__
    if cause is None:
        yield Disagreement(**same, rule="other", place="", text=f"{error} {error.__cause__ or ''}".strip())
        return
    for wrong in cause.schema_errors:
        assert isinstance(wrong, ValidationError)
        place = "/".join("*" if isinstance(step, int) else str(step) for step in wrong.absolute_path)
        rule = str(wrong.validator)
        for member in members(wrong):
            yield Disagreement(
                **same,
                rule=rule,
                place=place,
                member=member,
                null=wrong.instance is None,
                text="" if member else wrong.message[:120],
            )


def members(wrong: ValidationError) -> list[str]:
    instance: Any = wrong.instance
    schema: Any = wrong.schema
    if wrong.validator == "additionalProperties":
        return sorted(set(instance) - set(schema["properties"]))
    if wrong.validator == "required":
        return [name for name in schema["required"] if name not in instance]
    return [""]


def media_type(headers: Any) -> str:
    return next((value for name, value in headers.items() if name.lower() == "content-type"), "").partition(";")[0]


def shape_of(exchange: Exchange) -> Any:
    parts = urlsplit(exchange.url)
    sent = {name.lower() for name in exchange.request_headers}
    return (
        exchange.method,
        re.sub(r"/\d+(?=/|$)", "/{id}", parts.path),
        frozenset((name, kind(value)) for name, value in parse_qsl(parts.query, keep_blank_values=True)),
        "authorization" in sent,
        media_type(exchange.request_headers),
        body_shape(exchange.request_body),
        exchange.status,
        exchange.troubled,
        media_type(exchange.response_headers),
        None if exchange.troubled else body_shape(exchange.response_body),
    )


def kind(value: str) -> str:
    """What a parameter's declared type can tell apart."""
    if value in {"true", "false", ""}:
        return value
    return "number" if re.fullmatch(r"-?\d+", value) else "text"


def body_shape(body: bytes) -> Any:
    try:
        return shape(json.loads(body)) if body else None
    except ValueError:
        return body


def shape(content: Any, *, name: str = "") -> Any:
    """Names and types of a document, and of the values only those that the documents limit."""
    if isinstance(content, dict):
        return frozenset((key, shape(value, name=key)) for key, value in content.items())
    if isinstance(content, list):
        return ("list", len(content) > LONGEST, frozenset(shape(item) for item in content))
    return content if name in LIMITED else type(content)

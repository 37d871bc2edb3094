"""The local providers on the page: who holds what, what can be done in each itself, and the calls that came in."""

from collections.abc import Hashable, Sequence
from typing import Protocol

from bot.sandbox.model import Json
from bot.sandbox.page.given import Malformed, optional_text


class Owned(Protocol):
    """One provider as its owner sees it. Nothing that is done here is recorded as a call."""

    name: str
    title: str

    def mark(self) -> Hashable:
        """Something that differs once there is news."""

    def shown(self) -> Json: ...

    def do(self, given: Json) -> Json:
        """One change. Raises `CannotDo` or `Malformed` with the reason."""


class ProviderPanel:
    """All of them; what is done is done in the one named by `of`, or else in the first."""

    def __init__(self, providers: Sequence[Owned]) -> None:
        self._providers = {one.name: one for one in providers}

    def mark(self) -> Hashable:
        return tuple(one.mark() for one in self._providers.values())

    def shown(self) -> Json:
        return {"providers": [{"name": one.name, "title": one.title} | one.shown() for one in self._providers.values()]}

    def do(self, given: Json) -> Json:
        name = optional_text(given, "of") or next(iter(self._providers))
        if name not in self._providers:
            raise Malformed(f"There is no provider {name!r}.")
        return self._providers[name].do(given)

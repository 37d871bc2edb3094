"""What a module of this package must have to be a provider: the name `PROVIDER`, holding one of these."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel

from bot.ports import Clock, Provider, Store
from bot.providers.base import safe_url

#: an address that secrets may be sent to
Url = Annotated[str, AfterValidator(safe_url)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one provider is set up. `settings` are all settings of the bot, those of `fields` among them."""

    #: its settings; each name begins with the provider's. They become part of the bot's own class of settings, so
    #: what they must be is said by their types (`Annotated`): methods of one name would replace each other
    fields: type[BaseModel]
    #: a sentence for each thing that is missing where `PROVIDERS` names it
    missing: Callable[[Any], Sequence[str]]
    open: Callable[[Any, Store, Clock], AbstractAsyncContextManager[Provider]]

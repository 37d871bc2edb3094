"""Kajabi as it is set up in the environment."""

from collections.abc import Sequence

from pydantic import BaseModel, Field, SecretStr

from bot.pacing import StorePacer
from bot.ports import Clock, Store
from bot.providers.kajabi.provider import Kajabi
from bot.providers.kajabi.settings import KajabiSettings
from bot.providers.recipe import Recipe, Url


class KajabiFields(BaseModel):
    """What the bot is told about Kajabi before it starts."""

    kajabi_client_id: str | None = Field(None, description="The client id of a Kajabi user API key.")
    kajabi_client_secret: SecretStr | None = Field(None, description="The secret of the same key.")
    kajabi_site_id: str | None = Field(None, description="The site to work for; found by itself when there is one.")
    kajabi_api_url: Url = Field("https://api.kajabi.com", description="It is where Kajabi's API is.")
    kajabi_rate: float = Field(2.0, gt=0, le=100, description="It is how many calls a second Kajabi is asked to bear.")


def missing(settings: KajabiFields) -> Sequence[str]:
    """Say what the credentials lack."""
    halves = {"KAJABI_CLIENT_ID": settings.kajabi_client_id, "KAJABI_CLIENT_SECRET": settings.kajabi_client_secret}
    return [
        f"{name} is missing: make a user API key in Kajabi under “Settings”, “Public API”, and copy both halves."
        for name, value in halves.items()
        if value is None
    ]


def opened(settings: KajabiFields, store: Store, clock: Clock) -> Kajabi:
    """Build it, with its pace in the store."""
    secret = settings.kajabi_client_secret
    told = KajabiSettings(
        client_id=settings.kajabi_client_id or "",
        client_secret=secret.get_secret_value() if secret is not None else "",
        site_id=settings.kajabi_site_id,
        api_url=settings.kajabi_api_url,
        rate=settings.kajabi_rate,
    )
    pacer = StorePacer(store, Kajabi.name, rate=told.rate, burst=told.burst, clock=clock)
    return Kajabi(told, pacer=pacer, clock=clock)


PROVIDER = Recipe(fields=KajabiFields, missing=missing, open=opened)

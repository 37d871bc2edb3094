"""Capillary as it is set up in the environment."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, SecretStr

from bot.domain.request import Contact
from bot.pacing import StorePacer
from bot.ports import Clock, Store
from bot.providers.capillary.provider import Capillary
from bot.providers.capillary.settings import CapillarySettings
from bot.providers.recipe import Recipe, Url

#: calls that may follow each other at once: what one look at a customer takes
BURST = 4
MINUTE = 60.0
#: the customer's newest requests, which the ids to be revoked are looked for in
REQUESTS = 200
MD5 = re.compile(r"[0-9a-fA-F]{32}")
UPPER = BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value)


def _is_md5(value: SecretStr) -> SecretStr:
    if not MD5.fullmatch(value.get_secret_value()):
        raise ValueError("must be an MD5, which has 32 hexadecimal digits; the password itself is not asked for")
    return value


Digest = Annotated[SecretStr, AfterValidator(_is_md5)]
Source = Literal[
    "FACEBOOK",
    "WEB_ENGAGE",
    "WECHAT",
    "INSTORE",
    "MARTJACK",
    "TMALL",
    "TAOBAO",
    "JD",
    "ECOMMERCE",
    "WEBSITE",
    "LINE",
    "ALL",
]
Entity = Literal["TILL", "STORE_CODE", "STORE_NAME", "STORE_EXTERNAL_ID", "STORE_EXTERNAL_ID_1", "STORE_EXTERNAL_ID_2"]


class CapillaryFields(BaseModel):
    """What the bot is told about Capillary before it starts."""

    capillary_api_url: Url | None = Field(
        None, description="It is the address of your cluster, like https://eu.api.capillarytech.com."
    )
    capillary_key: SecretStr | None = Field(None, description="The key of a Capillary API client (OAuth).")
    capillary_secret: SecretStr | None = Field(None, description="The secret of the same API client.")
    capillary_till: SecretStr | None = Field(None, description="The id of a till, for Basic authentication.")
    capillary_password_md5: Digest | None = Field(None, description="The MD5 of the password of the same till.")
    capillary_program_id: int | None = Field(None, ge=1, description="The number of the loyalty program.")
    capillary_source: Annotated[Source, UPPER] = Field(
        "INSTORE", description="It is the source in which customers are registered."
    )
    capillary_account_id: str | None = Field(None, description="The account, for sources that have several.")
    capillary_family: Literal["legacy", "unified"] = Field(
        "legacy", description="It is the family that the program's promotions belong to."
    )
    capillary_rate: float = Field(
        60.0, gt=0, le=6000, description="It is how many calls a minute Capillary is asked to bear."
    )
    capillary_batch: int = Field(1, ge=1, le=100, description="It is how many customers go into one call.")
    capillary_issued_ids_proved: bool = Field(
        default=False, description="Whether ids of issued promotions that reads show may be revoked, too."
    )
    capillary_attribution_type: Annotated[Entity, UPPER] | None = Field(
        None, description="What changes are attributed to (OAuth)."
    )
    capillary_attribution_code: str | None = Field(None, description="Which one of these it is.")


def missing(settings: CapillaryFields) -> Sequence[str]:
    """Say what the connection lacks."""
    said = []
    if settings.capillary_api_url is None:
        said.append("CAPILLARY_API_URL is missing: set your cluster, like https://eu.api.capillarytech.com.")
    if settings.capillary_program_id is None:
        said.append("CAPILLARY_PROGRAM_ID is missing: set the number of the loyalty program.")
    if settings.capillary_family == "unified":
        said.append(
            "CAPILLARY_FAMILY: promotions of the unified family (v3) are not supported yet, "
            "only those of the legacy one."
        )
    said += _credentials_missing(settings)
    if (settings.capillary_attribution_type is None) != (settings.capillary_attribution_code is None):
        said.append("CAPILLARY_ATTRIBUTION_TYPE and CAPILLARY_ATTRIBUTION_CODE go together: set both or none.")
    if settings.capillary_attribution_type is not None and settings.capillary_till is not None:
        said.append(
            "CAPILLARY_ATTRIBUTION_TYPE works with CAPILLARY_KEY alone: "
            "what a till changes is attributed to that till, so leave both settings of the attribution out."
        )
    return said


def _credentials_missing(settings: CapillaryFields) -> Sequence[str]:
    oauth = {"CAPILLARY_KEY": settings.capillary_key, "CAPILLARY_SECRET": settings.capillary_secret}
    basic = {"CAPILLARY_TILL": settings.capillary_till, "CAPILLARY_PASSWORD_MD5": settings.capillary_password_md5}
    if any(oauth.values()) and any(basic.values()):
        return ["CAPILLARY_KEY and CAPILLARY_TILL are both set: keep one way to log in, the key rather than the till."]
    used = basic if any(basic.values()) else oauth
    return [
        f"{name} is missing: set CAPILLARY_KEY and CAPILLARY_SECRET of an API client, "
        "or CAPILLARY_TILL and CAPILLARY_PASSWORD_MD5."
        for name, value in used.items()
        if value is None
    ]


def opened(settings: CapillaryFields, store: Store, clock: Clock) -> Capillary:
    """Build it, with its pace and its receipts in the store."""

    async def receipts(contact: Contact) -> Mapping[str, Sequence[str]]:
        kept: dict[str, list[str]] = {}
        for case in await store.given(Capillary.name, contact, limit=REQUESTS):
            for change in case.changes:  # what was done in part has no receipt, and was done all the same
                kept.setdefault(change.offer_id, []).extend(filter(None, (change.receipt, change.in_part)))
        return kept

    told = CapillarySettings(
        api_url=settings.capillary_api_url or "",
        program_id=settings.capillary_program_id or 0,
        key=_shown(settings.capillary_key),
        secret=_shown(settings.capillary_secret),
        till=_shown(settings.capillary_till),
        password_md5=_shown(settings.capillary_password_md5),
        source=settings.capillary_source,
        account_id=settings.capillary_account_id,
        rate=settings.capillary_rate,
        batch=settings.capillary_batch,
        issued_ids_proved=settings.capillary_issued_ids_proved,
        attribution_type=settings.capillary_attribution_type or "",
        attribution_code=settings.capillary_attribution_code or "",
    )
    pacer = StorePacer(store, Capillary.name, rate=told.rate / MINUTE, burst=BURST, clock=clock)
    return Capillary(told, pacer=pacer, clock=clock, receipts=receipts)


def _shown(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""


PROVIDER = Recipe(fields=CapillaryFields, missing=missing, open=opened)

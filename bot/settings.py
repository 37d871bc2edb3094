"""All that comes from the environment or from `.env`, a sentence each."""

import ipaddress
import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, create_model, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.errors import Misconfigured
from bot.providers import known

PERSON_OR_GROUP = re.compile(r"[UWS][A-Z0-9]{2,}")
PERSON = re.compile(r"[UW][A-Z0-9]{2,}")
CHANNEL = re.compile(r"[CG][A-Z0-9]{2,}")
BOT_TOKEN = re.compile(r"xoxb-[A-Za-z0-9_-]+")
APP_TOKEN = re.compile(r"xapp-[A-Za-z0-9_-]+")
HOST = re.compile(r"[A-Za-z0-9_.-]+|[0-9A-Fa-f:.]+")
#: set on dynos, whose disk is wiped at least once a day
WIPED = "DYNO"
#: what is longer could be a secret in the wrong place, and is not repeated
REPEATED = 20
YEAR_OF_HOURS, YEAR_OF_DAYS, WEEK_OF_MINUTES = 8760, 365, 10080

Names = Annotated[tuple[str, ...], NoDecode]
#: pydantic's kinds of faults, in words
WORDS = {
    "bool_parsing": "must be true or false",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number",
    "int_from_float": "must be a whole number",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than_equal": "must be at most {le:g}",
    "literal_error": "must be {expected}",
}
Kind = TypeVar("Kind", bound="Database")


class Database(BaseSettings):
    """Where requests are kept: all that the administration of a database needs to know."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    database_url: str = Field("sqlite:///offerdesk.db", description="Where requests are kept: `sqlite:///PATH`.")

    @model_validator(mode="before")
    @classmethod
    def _strip(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Take away the blanks that copying leaves behind; nothing but blanks counts as not set."""
        stripped = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
        return {name: value for name, value in stripped.items() if value != ""}


class Own(Database):
    """What the bot itself is told, whatever the providers are."""

    slack_bot_token: SecretStr = Field(
        description="Copy the Bot User OAuth Token (xoxb-…) from “OAuth & Permissions” of your Slack app."
    )
    slack_signing_secret: SecretStr | None = Field(
        None, description="Copy the Signing Secret from “Basic Information” of your Slack app."
    )
    slack_app_token: SecretStr | None = Field(
        None, description="Make one with the scope connections:write under “Basic Information”, “App-Level Tokens”."
    )
    slack_api_url: str = Field("https://slack.com/api/", description="It is where Slack's Web API is.")
    slack_post_rate: float = Field(
        1.0, gt=0, le=100, description="Messages a second that one channel of Slack is asked to bear."
    )

    providers: Names = Field(("kajabi",), description="It says which systems to grant in, with commas between.")

    approvers: Names = Field((), description="Open each profile in Slack and choose “Copy member ID”.")
    policy_file: str | None = Field(None, description="It is a TOML file with the rules; the README has some to copy.")
    admins: Names = Field((), description="Open each profile in Slack and choose “Copy member ID”.")
    approvals_channel: str | None = Field(None, description="The id stands at the bottom of the channel's “About” tab.")
    alerts_channel: str | None = Field(None, description="The id stands at the bottom of the channel's “About” tab.")

    host: str = Field("127.0.0.1", description="It is the address to listen on; 0.0.0.0 is every one.")
    port: int = Field(3000, ge=0, le=65535, description="It is the port to listen on; 0 takes a free one.")

    reminder_hours: float = Field(
        24.0, gt=0, le=YEAR_OF_HOURS, description="It is how many hours pass until the approvers are reminded."
    )
    expiry_days: float = Field(
        7.0, gt=0, le=YEAR_OF_DAYS, description="It is how many days a request waits until it expires."
    )
    approval_hours: float = Field(
        24.0, gt=0, le=YEAR_OF_HOURS, description="It is how many hours an approval is good for."
    )
    give_up_minutes: float = Field(
        30.0, gt=0, le=WEEK_OF_MINUTES, description="It is how many minutes a provider that is down is tried again."
    )
    offers_refresh_minutes: float = Field(
        15.0, gt=0, le=WEEK_OF_MINUTES, description="It is how many minutes pass until the offers are read again."
    )
    lease_seconds: float = Field(
        30.0, ge=1, le=600, description="It is how many seconds one attempt has before it is taken over."
    )

    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="It is what is logged.")
    log_format: Literal["console", "json"] = Field(
        "console", description="Lines are for people (console) or for machines (json)."
    )

    @field_validator("providers", "approvers", "admins", mode="before")
    @classmethod
    def _by_commas(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, value: SecretStr) -> SecretStr:
        if not BOT_TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("is not a bot token, which begins with xoxb-")
        return value

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not APP_TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("is not an app-level token, which begins with xapp-")
        return value

    @field_validator("slack_signing_secret")
    @classmethod
    def _signing_secret(cls, value: SecretStr | None) -> SecretStr | None:
        text = value.get_secret_value() if value is not None else ""
        if not text.isascii() or text.startswith("xox") or " " in text:
            raise ValueError("is not a signing secret")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _reachable(cls, value: str) -> str:
        if not is_safe_address(value):
            raise ValueError("must be an https address, like https://host/path (http only on this machine)")
        return value

    @field_validator("host")
    @classmethod
    def _host(cls, value: str) -> str:
        if not HOST.fullmatch(value):
            raise ValueError("must be the name or number of an address of this machine, without scheme and port")
        return value

    @field_validator("providers")
    @classmethod
    def _known_providers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [name for name in value if name not in known()]
        if unknown or not value:
            raise ValueError(f"must name one or more of {', '.join(known())}" + _found(unknown))
        return value

    @field_validator("approvers", "admins")
    @classmethod
    def _people(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        groups_too = info.field_name == "approvers"
        shape, whose = (PERSON_OR_GROUP, " and user groups (S…)") if groups_too else (PERSON, "")
        wrong = [name for name in value if not shape.fullmatch(name)]
        if wrong:
            raise ValueError(f"takes Slack's ids of people (U…, W…){whose}, not names{_found(wrong)}")
        return value

    @field_validator("approvals_channel", "alerts_channel")
    @classmethod
    def _channel(cls, value: str | None) -> str | None:
        if value is not None and not CHANNEL.fullmatch(value):
            raise ValueError(f"takes a channel's id (C…), not its name{_found([value])}")
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = []
        if self.slack_app_token is None and self.slack_signing_secret is None:
            missing.append(
                "SLACK_APP_TOKEN is missing: set it for Socket Mode, or set SLACK_SIGNING_SECRET for signed HTTP."
            )
        if self.approvers and self.policy_file is not None:
            missing.append(
                "APPROVERS and POLICY_FILE are both set: keep one of them, as the file says who decides on what."
            )
        if not self.approvers and self.policy_file is None:
            missing.append(
                "APPROVERS is missing, so nobody may approve: name at least two people (U…), or a user group (S…); "
                "or set POLICY_FILE, for finer rules."
            )
        for name in self.providers:
            missing += known()[name].missing(self)
        if missing:
            raise ValueError("\n".join(missing))
        return self

    @property
    def socket_mode(self) -> bool:
        """Whether Slack is reached over a socket, which needs no public address."""
        return self.slack_app_token is not None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that no log may show."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))


if TYPE_CHECKING:

    class Settings(Own):
        """All settings; those of a provider are for that provider alone to read."""

else:
    # each provider has brought its own: a new one changes nothing here
    Settings = create_model(
        "Settings",
        __base__=(Own, *(one.fields for one in known().values())),
        __module__=__name__,
        __doc__="What the bot is told before it starts. `read_settings` turns every fault into a sentence.",
    )


def is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_safe_address(url: str) -> bool:
    """Whether secrets may be sent there: over https, or to this machine."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def read_settings(**overrides: Any) -> Settings:
    """Read the environment and `.env`; raise `Misconfigured` with a sentence for each setting at fault."""
    settings = _read(Settings, **overrides)
    refuse_wiped_disk(settings.database_url, os.environ)
    return settings


def read_database_url() -> str:
    """Read the one setting that commands need which work on the database alone."""
    return _read(Database).database_url


def refuse_wiped_disk(database_url: str, environment: Mapping[str, str]) -> None:
    """Refuse a database file on a host that wipes its disk: approvals would be lost with it."""
    if WIPED in environment and database_url.startswith("sqlite:"):
        raise Misconfigured(
            "DATABASE_URL names a file, and this host (a dyno) wipes its disk every day, so approvals would be lost: "
            "run Offerdesk on a host with a lasting disk; the README names some."
        )


def _read(kind: type[Kind], **overrides: Any) -> Kind:
    try:
        return kind(**overrides)
    except ValidationError as error:
        raise Misconfigured("\n".join(_sentences(error))) from None
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise Misconfigured(f"The file .env cannot be read ({why}): correct it, or take it away.") from None


def _found(wrong: list[str]) -> str:
    """Repeat the first thing that is wrong, unless it is long enough to be a secret in the wrong place."""
    if not wrong:
        return ""
    return f" (found {wrong[0]})" if len(wrong[0]) <= REPEATED else f" (found something of {len(wrong[0])} characters)"


def _sentences(error: ValidationError) -> list[str]:
    """Say each fault without its value: it may be a secret."""
    sentences = []
    for fault in error.errors(include_input=False, include_url=False):
        words = fault["msg"].removeprefix("Value error, ")
        if not fault["loc"]:
            sentences.append(words)
            continue
        name = str(fault["loc"][0])
        if fault["type"] == "missing":
            words = "is missing"
        elif fault["type"] in WORDS:
            words = WORDS[fault["type"]].format(**fault.get("ctx", {}))
        sentences.append(f"{name.upper()} {words}. {Settings.model_fields[name].description}")
    return sentences

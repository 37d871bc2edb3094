"""What the connection to one loyalty program is made of."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class CapillarySettings:
    """Named in the environment as `CAPILLARY_…`; key and secret (OAuth), or till and password (Basic)."""

    api_url: str
    program_id: int
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    till: str = field(default="", repr=False)
    #: what travels is the MD5 of the password, so that it is as secret as the password itself
    password_md5: str = field(default="", repr=False)
    source: str = "INSTORE"
    #: for sources that have several accounts
    account_id: str | None = None
    #: calls a minute
    rate: float = 60.0
    #: customers in one call that changes something
    batch: int = 1
    #: whether ids that Capillary shows may be named in a revoke, too, and not only those it gave to the bot
    issued_ids_proved: bool = False
    #: whom to attribute changes to; empty: the till that belongs to the key
    attribution_type: str = ""
    attribution_code: str = ""

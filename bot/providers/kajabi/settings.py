"""What the connection to one Kajabi account is made of."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class KajabiSettings:
    """Named in the environment as `KAJABI_…`."""

    client_id: str
    client_secret: str = field(repr=False)
    #: None: the account has one site, which is found by itself
    site_id: str | None = None
    api_url: str = "https://api.kajabi.com"
    #: calls a second, and how many may follow each other at once
    rate: float = 2.0
    burst: int = 4

"""An outside system, Slack, the disk or the settings failed."""

from bot.domain.errors.base import OfferdeskError


class ProviderError(OfferdeskError):
    """An outside system failed. `detail` is short, safe to show and to log: never a body, a secret or an address."""

    def __init__(self, provider: str, detail: str, *, code: str = "") -> None:
        super().__init__(f"{provider}: {detail}")
        self.provider, self.detail, self.code = provider, detail, code


class Rejected(ProviderError):
    """It did not happen, and asking again is useless."""


class Unavailable(ProviderError):
    """It did not happen; try again, not before `retry_after` seconds where the provider said so."""

    def __init__(self, provider: str, detail: str, *, code: str = "", retry_after: float | None = None) -> None:
        super().__init__(provider, detail, code=code)
        self.retry_after = retry_after


class Withheld(Unavailable):
    """It did not happen: when its turn had come, it was not let go."""

    def __init__(self, provider: str) -> None:
        super().__init__(provider, "held back", code="withheld")


class Unknown(ProviderError):
    """It may have happened. Read; never repeat blindly."""


class DeliveryError(OfferdeskError):
    """Slack did not take a message. `code` is Slack's own."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Undeliverable(DeliveryError):
    """It never will: archived, not invited, gone."""


class NotDelivered(DeliveryError):
    """Not now; try again after `retry_after` seconds, where Slack said so."""

    def __init__(self, code: str, *, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.retry_after = retry_after


class StoreUnavailable(OfferdeskError):
    """The database cannot be written: locked for too long, full, read-only or damaged. Nothing was done.

    `detail` is SQLite's or the system's own word for it.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(f"The database cannot be written ({detail}); nothing was done.")
        self.detail = detail


class Unfinished(OfferdeskError):
    """It took longer than Slack waits for an answer. It may be done all the same."""


class Misconfigured(OfferdeskError):
    """The start stops here: the sentence names the setting and what to do."""

"""Logs for people or for machines, without secrets and without customers' addresses (P9)."""

import logging
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

#: an address as `domain.draft` takes it, also percent-encoded as in a query; rather too much than too little
ADDRESS = re.compile(
    r"(?<![^\s@<>()\[\],;:\"\\])[^\s@<>()\[\],;:\"\\]+(?:@|%(?:25)?40)[^\s<>()\[\],;:\"\\]+"
    r"|(?<![\w+])(?:\+|%(?:25)?2B)[0-9]{7,15}(?![0-9])|(?<!\w)(?:ext:|id:(?=[0-9]))[^\s@<>()\[\],;:\"\\]+",
    re.IGNORECASE,
)
#: tokens as Slack writes them, and credentials as headers, forms, JSON and addresses of answers carry them
SECRET = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+|xwfp-[\w-]+|v0=[0-9a-f]{64}|(?<=hooks\.slack\.com/)\S+"
    r"|(?<=bearer )\S+|(?<=basic )[\w+/=-]{8,}"
    r"|(?:secret|token|password)(?:['\"]\s*:\s*b?['\"][^'\"]*|=[^\s&'\",;}]+)",
    re.IGNORECASE,
)
SECRET_NAMES = re.compile(r"(?i)secret|token|password|authorization|signature|cookie")
#: libraries are heard from this level on, whatever level they give themselves; warnings of these tell of payloads
LIBRARIES = logging.WARNING
TALKATIVE = ("aiohttp", "slack_bolt", "slack_sdk")
#: the bot's own, heard from LOG_LEVEL on
OWN = "bot"
MASK, ADDRESS_MASK = "[secret]", "[address]"


class Masking:
    """Takes secrets and addresses out of a line, whatever shape its values have."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted({re.escape(secret) for secret in secrets if secret}, key=len, reverse=True)
        self.known = re.compile("|".join(known)) if known else None

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """Mask one line, as a structlog processor."""
        return {self.text(str(key)): self.value(key, one) for key, one in event.items()}

    def value(self, name: object, value: Any) -> Any:
        """Mask a value, wholly where its name says that it is a secret."""
        if isinstance(value, (bool, int, float, type(None))):
            return value
        if SECRET_NAMES.search(str(name)):
            return MASK
        if isinstance(value, dict):
            return {self.text(str(key)): self.value(key, one) for key, one in value.items()}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self.value("", one) for one in value]
        return self.text(value.decode(errors="replace") if isinstance(value, bytes) else str(value))

    def text(self, text: str) -> str:
        """Mask a text."""
        if self.known is not None:
            text = self.known.sub(MASK, text)
        return ADDRESS.sub(ADDRESS_MASK, SECRET.sub(MASK, text))


class Handler(logging.StreamHandler[Any]):
    """Writes to standard error. A line that cannot be made or written is told by its place alone, and stops nothing."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        with suppress(OSError, ValueError):
            self.stream.write(f"a log line could not be written ({record.pathname}, line {record.lineno})\n")


def is_heard(record: logging.LogRecord) -> bool:
    """Keep libraries quiet: Bolt copies the root's level to its own loggers, so levels alone would not do."""
    name = record.name.partition(".")[0]
    if name == OWN:
        return True
    return record.levelno >= (logging.ERROR if name in TALKATIVE else LIBRARIES)


def set_up(*, level: str, form: str, secrets: Iterable[str] = ()) -> None:
    """Send structlog's and the standard library's lines through one chain to standard error.

    `secrets`: values that are masked wherever they stand, because their shape does not tell them.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = Handler()
    handler.addFilter(is_heard)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, Masking(secrets), renderer(form)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    own = logging.getLevelNamesMapping()[level.upper()]
    root.setLevel(max(own, LIBRARIES))
    logging.getLogger(OWN).setLevel(own)


def renderer(form: str) -> Processor:
    """Return what makes the text of a line; an exception is text already."""
    if form == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)

"""What /metrics says: what happened, what waits, and whether anything is late."""

from dataclasses import dataclass, field

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest

from bot.ports import Clock, Store


@dataclass(slots=True)
class Metrics:
    """Reads the figures from the store when they are asked for, so that counting costs the bot nothing else."""

    store: Store
    clock: Clock
    media_type: str = CONTENT_TYPE_LATEST
    _registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    _events: Counter = field(init=False)
    _requests: Gauge = field(init=False)
    _late: Gauge = field(init=False)
    _paused: Gauge = field(init=False)
    _last: int | None = None

    def __post_init__(self) -> None:
        on = self._registry
        self._events = Counter("offerdesk_events", "Audit events since the start.", ["event"], registry=on)
        self._requests = Gauge("offerdesk_open_requests", "Requests that have not ended.", ["state"], registry=on)
        self._late = Gauge("offerdesk_late_seconds", "How late the oldest due row is.", ["kind"], registry=on)
        self._paused = Gauge("offerdesk_paused", "Whether an admin has stopped all sending.", registry=on)

    async def begin(self) -> None:
        """Count from here."""
        self._last = (await self.store.figures(after=None, now=self.clock())).last

    async def page(self) -> bytes:
        """Write the page that Prometheus reads."""
        figures = await self.store.figures(after=self._last, now=self.clock())
        self._last = figures.last
        for event, count in figures.events.items():
            self._events.labels(event).inc(count)
        for state, count in figures.waiting.items():
            self._requests.labels(state).set(count)
        for kind, seconds in figures.late.items():
            self._late.labels(kind).set(seconds)
        self._paused.set(figures.paused)
        return generate_latest(self._registry)

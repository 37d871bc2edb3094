"""Builds everything: the one module that knows all others. Importing it does nothing."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic, time

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.authority import Authority
from bot.catalogue import Catalogue
from bot.checking import check_offers
from bot.comparison import Comparison
from bot.courier import Courier
from bot.digests import Digests
from bot.domain.errors import Misconfigured, StoreUnavailable
from bot.domain.notices import Notices
from bot.domain.policy import Policy, of_approvers
from bot.domain.states import Timing
from bot.engine.embedded import Embedded
from bot.engine.queues import Workers
from bot.engine.timepiece import Timepiece
from bot.executor import Executor
from bot.homekeeper import Homekeeper
from bot.list_executor import ListExecutor
from bot.list_preparer import ListPreparer
from bot.lookups import Lookups
from bot.metrics import Metrics
from bot.policy_file import read_policy_file
from bot.ports import Check, Clock, Messenger, Provider, TakesIds
from bot.preparer import Preparer
from bot.previews import Previews
from bot.providers import open_providers
from bot.readings import Readings
from bot.service import Service
from bot.settings import Settings
from bot.slack import register
from bot.slack.bolt import Socket, dispatch, make_bolt
from bot.slack.calls import open_session, slack_client
from bot.slack.checks import slack_checks
from bot.slack.desk import Desk
from bot.slack.installation import Installation, read_installation
from bot.slack.messenger import SlackMessenger
from bot.slack.pace import Pace
from bot.slack.people import SlackPeople
from bot.slack.publishing import Publisher
from bot.slack.tasks import Tasks
from bot.store import SqliteStore, open_store
from bot.timekeeper import Timekeeper
from bot.web import Web
from bot.witness import Witness
from bot.words.scene import Scene

#: how long a stop waits for what runs, in seconds; hosts kill after thirty
GRACE = 25.0
#: how often the engine looks for due rows when nothing wakes it, in seconds
TICK = 1.0
#: how long the audit's head may take to be told at the end, in seconds
LAST_WORD = 5.0
MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the bot is made of, before anything runs."""

    settings: Settings
    store: SqliteStore
    providers: Mapping[str, Provider]
    client: AsyncWebClient
    installation: Installation
    people: SlackPeople
    authority: Authority
    scene: Scene
    messenger: Messenger
    clock: Clock

    async def checks(self) -> AsyncIterator[Check]:
        """Try what only trying can tell: database, Slack, providers."""
        yield await check_database(self.settings, self.store, now=self.clock())
        for check in await self.slack_checks():
            yield check
        async for check in check_providers(self.providers):
            yield check
        async for check in check_offers(self.authority.policy, self.providers):
            yield check

    async def slack_checks(self) -> Sequence[Check]:
        """Try token, scopes, channels and approvers."""
        settings = self.settings
        channels = {"APPROVALS_CHANNEL": settings.approvals_channel, "ALERTS_CHANNEL": settings.alerts_channel}
        named = {name: channel for name, channel in channels.items() if channel is not None}
        return await slack_checks(self.installation, people=self.people, authority=self.authority, channels=named)


async def check_database(settings: Settings, store: SqliteStore, *, now: float) -> Check:
    """Try to commit."""
    try:
        await store.check_writable(now=now)
    except StoreUnavailable as error:
        return Check(name="DATABASE_URL", ok=False, says=f"cannot be written: {error}. Free the disk or the file.")
    return Check(name="DATABASE_URL", ok=True, says=f"{settings.database_url} can be written.")


async def check_providers(providers: Mapping[str, Provider]) -> AsyncIterator[Check]:
    """Try credentials and permissions of each provider."""
    for provider in providers.values():
        for check in await provider.check():
            yield check


@dataclass(slots=True, kw_only=True)
class App:
    """The running bot."""

    parts: Parts
    service: Service
    engine: Embedded
    tasks: Tasks
    bolt: AsyncApp
    metrics: Metrics
    #: the port that is listened on
    port: int = 0
    socket: Socket | None = None
    site: web.TCPSite | None = None
    #: None once it has told how the audit ends
    witness: Witness | None = None

    async def problem(self) -> str | None:
        """Say why the bot is not ready; None when it is."""
        try:
            await self.parts.store.check_writable(now=self.parts.clock())
        except StoreUnavailable:
            return "the database cannot be written"
        if self.socket is not None and not await self.socket.connected():
            return "Slack is not connected"
        return None

    async def stop(self, *, within: float = GRACE) -> None:
        """Take nothing new, finish what runs within that many seconds, and leave the rest on disk."""
        ending = monotonic() + within
        if self.socket is not None:
            await self.socket.close()
        await self.tasks.stop(within=within / 2)
        await self.engine.stop(within=within / 2)
        if self.site is not None:  # Slack tells of the last word, too, and would wait for an answer to it
            site, self.site = self.site, None
            await site.stop()
        witness, self.witness = self.witness, None
        if witness is not None and (left := ending - monotonic()) > 0:
            await witness.close(within=min(left, LAST_WORD))


@asynccontextmanager
async def open_ground(settings: Settings, clock: Clock) -> AsyncIterator[tuple[SqliteStore, Mapping[str, Provider]]]:
    """Open what stands without Slack: the database and the providers."""
    notices = Notices(alerts=settings.alerts_channel)
    async with (
        open_store(settings.database_url, notices=notices, clock=clock) as store,
        open_providers(settings.providers, settings, store=store, clock=clock) as providers,
    ):
        yield store, providers


@asynccontextmanager
async def assemble(settings: Settings, *, clock: Clock = time) -> AsyncIterator[Parts]:
    """Open the database, the providers and Slack. Raises `Misconfigured` for what cannot work."""
    policy = read_rules(settings)
    async with open_ground(settings, clock) as (store, providers), open_session() as session:
        token = settings.slack_bot_token.get_secret_value()
        client = slack_client(token, base_url=settings.slack_api_url, session=session)
        installation = await read_installation(client)
        people = SlackPeople(client, installation=installation, clock=clock)
        scene = _scene(settings, providers, installation)
        pace = Pace(clock, interval=1 / settings.slack_post_rate)
        yield Parts(
            settings=settings,
            store=store,
            providers=providers,
            client=client,
            installation=installation,
            people=people,
            authority=Authority(policy, people, store, clock),
            scene=scene,
            messenger=SlackMessenger(
                client, scene=scene, installation=installation, clock=clock, pace=pace, outcomes=store.outcomes
            ),
            clock=clock,
        )


def read_rules(settings: Settings) -> Policy:
    """Read who may do what: POLICY_FILE, or the rule that APPROVERS stands for."""
    if settings.policy_file is not None:
        return read_policy_file(Path(settings.policy_file), admins=settings.admins)
    return of_approvers(settings.approvers, admins=settings.admins)


async def checks(settings: Settings) -> AsyncIterator[Check]:
    """Try everything without starting anything; a Slack that says no does not hide what the others say."""
    try:
        async with assemble(settings) as parts:
            async for check in parts.checks():
                yield check
    except Misconfigured as error:
        yield Check(name="Slack", ok=False, says=str(error))
        async with open_ground(settings, time) as (store, providers):
            yield await check_database(settings, store, now=time())
            async for check in check_providers(providers):
                yield check


@asynccontextmanager
async def start(parts: Parts, *, timing: Timing | None = None, tick: float = TICK) -> AsyncIterator[App]:
    """Run the bot until the block is left."""
    settings, clock, store, authority = parts.settings, parts.clock, parts.store, parts.authority
    readings = Readings(parts.providers, store, clock)
    service = Service(store, authority, parts.providers, clock)
    lookups = Lookups(store, authority, readings, clock)
    tasks = Tasks()
    workers = _workers(parts, readings, lookups, timing=timing or timing_of(settings))
    engine = Embedded([*workers.queues(), Timepiece(store, clock, workers.lease).queue()], tick=tick)
    bolt = make_bolt(parts.client, parts.installation)
    register(
        bolt,
        desk=Desk(
            bot_user=parts.installation.bot_user,
            service=service,
            lookups=lookups,
            authority=authority,
            scene=parts.scene,
            default_provider=settings.providers[0],
            approvals_channel=settings.approvals_channel,
            tasks=tasks,
            clock=clock,
            first_sight=store.first_sight,
            homes=store,
            in_thread=store.in_thread,
            user_changed=parts.people.forget_person,
            group_changed=parts.people.forget_group,
        ),
    )
    app = App(
        parts=parts,
        service=service,
        engine=engine,
        tasks=tasks,
        bolt=bolt,
        metrics=Metrics(store, clock),
        witness=workers.witness,
    )
    store.subscribe(engine.wake)
    await workers.catalogue.fill()
    await store.redraw_homes(now=clock())
    await store.follow_policy(authority.policy.digest, source=authority.policy.source, now=clock())
    await app.metrics.begin()
    async with AsyncExitStack() as stack:
        await _listen(app, stack)
        engine.start()
        stack.push_async_callback(app.stop)
        yield app


async def _listen(app: App, stack: AsyncExitStack) -> None:
    """Open the port; in Socket Mode it serves health and metrics alone, and Slack is called from here."""
    settings = app.parts.settings
    secret = settings.slack_signing_secret
    server = Web(
        dispatch=partial(dispatch, app.bolt),
        ready=app.problem,
        metrics=app.metrics,
        clock=app.parts.clock,
        signing_secret=None if settings.socket_mode or secret is None else secret.get_secret_value(),
    )
    runner = web.AppRunner(server.application(), access_log=None, handle_signals=False)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    app.site = web.TCPSite(runner, settings.host, settings.port)
    try:
        await app.site.start()
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise Misconfigured(f"PORT: {where} cannot be listened on ({error.strerror}). Choose another one.") from None
    app.port = runner.addresses[0][1]
    if settings.slack_app_token is not None:
        app.socket = Socket(app.bolt, settings.slack_app_token.get_secret_value())
        stack.push_async_callback(app.socket.close)
        await app.socket.open()


def _workers(parts: Parts, readings: Readings, lookups: Lookups, *, timing: Timing) -> Workers:
    store, clock, settings = parts.store, parts.clock, parts.settings
    previews = Previews(store, parts.authority, parts.people, parts.providers)
    comparison = Comparison(parts.authority, previews, readings, clock, timing)
    lease = settings.lease_seconds
    courier = Courier(store, parts.messenger, clock, lease)
    preparer = Preparer(store, readings, previews, parts.people, parts.providers, clock, timing, lease)
    return Workers(
        store=store,
        preparer=preparer,
        list_preparer=ListPreparer(preparer),
        list_executor=ListExecutor(store, parts.providers, comparison, readings, clock, timing, lease),
        timekeeper=Timekeeper(store, parts.authority, parts.people, clock),
        executor=Executor(store, parts.providers, comparison, readings, clock, timing, lease),
        courier=courier,
        witness=Witness(store, courier, clock, lease),
        homekeeper=Homekeeper(store, lookups, Publisher(parts.client, scene=parts.scene, clock=clock), clock, lease),
        digests=Digests(store, parts.authority, clock, timing.reminder),
        catalogue=Catalogue(store, parts.providers, clock, settings.offers_refresh_minutes * MINUTE),
        clock=clock,
        lease=lease,
    )


def timing_of(settings: Settings) -> Timing:
    """Return how long things may take, as it was set."""
    return Timing(
        reminder=settings.reminder_hours * HOUR,
        expiry=settings.expiry_days * DAY,
        approval=settings.approval_hours * HOUR,
        give_up=settings.give_up_minutes * MINUTE,
    )


def _scene(settings: Settings, providers: Mapping[str, Provider], installation: Installation) -> Scene:
    return Scene(
        titles={provider.name: provider.title for provider in providers.values()},
        creators=frozenset(provider.name for provider in providers.values() if provider.creates_contacts),
        silent=frozenset(provider.name for provider in providers.values() if not provider.sends_welcome),
        addresses={provider.name: provider.addresses for provider in providers.values()},
        ids={provider.name: provider.ids_hint for provider in providers.values() if isinstance(provider, TakesIds)},
        reads_files="files:read" in installation.scopes,
        writes_files="files:write" in installation.scopes,
        alerts=settings.alerts_channel,
        workspace=installation.url,
    )

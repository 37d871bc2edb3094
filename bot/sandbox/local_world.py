"""A local Slack, local providers and the bot between them, for as long as somebody needs them."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from bot.sandbox.agenda import Agenda
from bot.sandbox.capillary import LocalCapillary
from bot.sandbox.child import HOST, BotFailed, BotProcess, free_port, run_once
from bot.sandbox.clock import WorldClock
from bot.sandbox.kajabi import Exchange, LocalKajabi
from bot.sandbox.server import LocalSlack
from bot.sandbox.timeline import Timeline
from bot.sandbox.town import ADMIN, ALERTS, APPROVERS, Town, furnish, organise, settle

CLIENT_ID, CLIENT_SECRET = "sandbox-client", "sandbox-secret"
DATABASE = "offerdesk.db"
#: rules that show all that rules can do
POLICY = Path(__file__).with_name("policy.toml")


@dataclass(frozen=True, slots=True)
class LocalWorld:
    """All that is running."""

    town: Town
    slack: LocalSlack
    kajabi: LocalKajabi
    bot: BotProcess
    capillary: LocalCapillary | None = None
    #: None where all go by the machine's clock
    timeline: Timeline | None = None
    #: None where the approvers are the whole policy
    policy: Path | None = None


@asynccontextmanager
async def local_world(
    *,
    http: bool,
    extra: Mapping[str, str] | None = None,
    on_exchange: Callable[[Exchange], None] | None = None,
    seed: Callable[[LocalKajabi], None] = furnish,
    rewards: Callable[[LocalCapillary], None] | None = None,
    limits: bool = True,
    showcase: bool = False,
) -> AsyncIterator[LocalWorld]:
    """Start everything and end everything, leaving neither a process nor a file.

    `extra` are further settings of the bot; `on_exchange` sees every request to Kajabi and its answer;
    `seed` puts into Kajabi what is there from the start; `rewards` does so for Capillary, where it is wanted, too;
    `limits`: Slack's rate limits hold, and the bot keeps its usual pace of posting; `showcase`: there is a policy
    that shows it all, and a clock that can be moved forward.
    """
    with TemporaryDirectory(prefix="offerdesk-") as name:
        folder = Path(name)
        port = free_port()
        address = f"http://{HOST}:{port}"
        printed = await run_once("manifest", *(["--http", address] if http else []), folder=folder)
        clock = WorldClock(folder / "clock")
        town = settle(yaml.safe_load(printed), clock=clock)
        town.workspace.limits.enforced = limits
        kajabi = LocalKajabi(clients={CLIENT_ID: CLIENT_SECRET}, clock=clock, on_exchange=on_exchange)
        async with kajabi, LocalSlack(town.workspace) as slack, AsyncExitStack() as stack:
            seed(kajabi)
            settings = environment(slack, kajabi, folder=folder, port=port, http=http)
            capillary = None
            if rewards is not None:
                capillary = LocalCapillary(clients={CLIENT_ID: CLIENT_SECRET}, clock=clock)
                await stack.enter_async_context(capillary)
                rewards(capillary)
                settings |= environment_of(capillary)
            settings |= {} if limits else {"SLACK_POST_RATE": "20"}
            if showcase:
                organise(town)
                settings |= {"APPROVERS": "", "ADMINS": "", "POLICY_FILE": str(POLICY)}
            settings |= extra or {}
            async with BotProcess(settings, folder=folder, clock=clock.file if showcase else None) as bot:
                if http:
                    slack.events_url = f"{address}/slack/events"
                else:
                    await _connected(slack, bot)
                world = LocalWorld(town, slack, kajabi, bot, capillary)
                if showcase:
                    timeline = Timeline(clock, Agenda(folder / DATABASE), slack, running=lambda: bot.running)
                    world = replace(world, timeline=timeline, policy=POLICY)
                yield world


async def _connected(slack: LocalSlack, bot: BotProcess) -> None:
    try:
        await slack.connected()
    except TimeoutError:
        raise BotFailed(f"the bot did not connect to Slack:\n{bot.said()}") from None


def environment(slack: LocalSlack, kajabi: LocalKajabi, *, folder: Path, port: int, http: bool) -> dict[str, str]:
    """All settings of the bot in the sandbox."""
    world = slack.workspace
    transport = {"SLACK_SIGNING_SECRET": world.signing_secret} if http else {"SLACK_APP_TOKEN": world.app_token}
    return transport | {
        "SLACK_BOT_TOKEN": world.bot_token,
        "SLACK_API_URL": slack.api_url,
        "KAJABI_CLIENT_ID": CLIENT_ID,
        "KAJABI_CLIENT_SECRET": CLIENT_SECRET,
        "KAJABI_API_URL": kajabi.url,
        "KAJABI_RATE": "50",
        "DATABASE_URL": f"sqlite:///{folder / DATABASE}",
        "APPROVERS": APPROVERS,
        "ADMINS": ADMIN,
        "ALERTS_CHANNEL": ALERTS,
        "HOST": HOST,
        "PORT": str(port),
        "LOG_FORMAT": "json",
    }


def environment_of(capillary: LocalCapillary) -> dict[str, str]:
    """Those settings that a second provider brings. Its reads show the ids that its writes gave."""
    return {
        "PROVIDERS": "kajabi,capillary",
        "CAPILLARY_API_URL": capillary.url,
        "CAPILLARY_KEY": CLIENT_ID,
        "CAPILLARY_SECRET": CLIENT_SECRET,
        "CAPILLARY_PROGRAM_ID": str(next(iter(capillary.books.programs))),
        "CAPILLARY_RATE": "3000",
        "CAPILLARY_ISSUED_IDS_PROVED": "true",
    }

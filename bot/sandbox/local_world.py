"""A local Slack, a local Kajabi and the bot between them, for as long as somebody needs them."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from bot.sandbox.child import HOST, BotFailed, BotProcess, free_port, run_once
from bot.sandbox.kajabi import Exchange, LocalKajabi
from bot.sandbox.server import LocalSlack
from bot.sandbox.town import ADMIN, ALERTS, APPROVERS, Town, furnish, settle

CLIENT_ID, CLIENT_SECRET = "sandbox-client", "sandbox-secret"


@dataclass(frozen=True, slots=True)
class LocalWorld:
    """All that is running."""

    town: Town
    slack: LocalSlack
    kajabi: LocalKajabi
    bot: BotProcess


@asynccontextmanager
async def local_world(
    *,
    http: bool,
    extra: Mapping[str, str] | None = None,
    on_exchange: Callable[[Exchange], None] | None = None,
    seed: Callable[[LocalKajabi], None] = furnish,
    limits: bool = True,
) -> AsyncIterator[LocalWorld]:
    """Start everything and end everything, leaving neither a process nor a file.

    `extra` are further settings of the bot; `on_exchange` sees every request to Kajabi and its answer;
    `seed` puts into Kajabi what is there from the start; `limits`: Slack's rate limits hold, and the bot keeps its
    usual pace of posting.
    """
    with TemporaryDirectory(prefix="offerdesk-") as name:
        folder = Path(name)
        port = free_port()
        address = f"http://{HOST}:{port}"
        printed = await run_once("manifest", *(["--http", address] if http else []), folder=folder)
        town = settle(yaml.safe_load(printed))
        town.workspace.limits.enforced = limits
        kajabi = LocalKajabi(clients={CLIENT_ID: CLIENT_SECRET}, on_exchange=on_exchange)
        async with kajabi, LocalSlack(town.workspace) as slack:
            seed(kajabi)
            settings = environment(slack, kajabi, folder=folder, port=port, http=http)
            settings |= ({} if limits else {"SLACK_POST_RATE": "20"}) | dict(extra or {})
            async with BotProcess(settings, folder=folder) as bot:
                if http:
                    slack.events_url = f"{address}/slack/events"
                else:
                    await _connected(slack, bot)
                yield LocalWorld(town, slack, kajabi, bot)


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
        "DATABASE_URL": f"sqlite:///{folder / 'offerdesk.db'}",
        "APPROVERS": APPROVERS,
        "ADMINS": ADMIN,
        "ALERTS_CHANNEL": ALERTS,
        "HOST": HOST,
        "PORT": str(port),
        "LOG_FORMAT": "json",
    }

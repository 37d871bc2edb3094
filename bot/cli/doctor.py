"""Is everything there that the bot needs? One line each, with what to do where something is missing."""

from collections.abc import AsyncIterator
from tempfile import TemporaryDirectory

import click

from bot import logs
from bot.app import checks, read_rules
from bot.cli.pausing import going
from bot.domain.errors import Misconfigured, OfferdeskError
from bot.domain.pause import Pause
from bot.ports import Check
from bot.settings import Settings, read_settings
from bot.slack.calls import open_session, slack_client
from bot.slack.checks import app_token_check
from bot.store import database_path, open_archive
from bot.store.inspection import NAME as DATABASE
from bot.store.inspection import inspect


async def examine() -> bool:
    """Try everything and print what was found; whether all is well."""
    try:
        settings = read_settings()
        read_rules(settings)
    except Misconfigured as error:
        for sentence in str(error).splitlines():
            tell(Check(name="settings", ok=False, says=sentence))
        return False
    logs.set_up(level="error", form="console", secrets=settings.secrets)
    transport = "Socket Mode" if settings.socket_mode else f"signed HTTP on {settings.host}:{settings.port}"
    tell(Check(name="settings", ok=True, says=f"complete; Slack over {transport}."))
    well = tell(look_at_database(settings))
    if well:
        tell(going(standing_pause(settings)))
    try:
        async for check in others(settings):
            well = tell(check) and well
    except OfferdeskError as error:
        well = tell(Check(name="start", ok=False, says=str(error)))
    click.echo("All is well." if well else "Not ready: see the lines that begin with “no”.")
    return well


async def others(settings: Settings) -> AsyncIterator[Check]:
    """Try Slack and the providers, with a database that is thrown away."""
    with TemporaryDirectory() as folder:
        elsewhere = settings.model_copy(update={"database_url": f"sqlite:///{folder}/doctor.db"})
        async for check in checks(elsewhere):
            if check.name != DATABASE:
                yield check
    if settings.slack_app_token is not None:
        async with open_session() as session:
            client = slack_client(
                settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url, session=session
            )
            yield await app_token_check(client, settings.slack_app_token.get_secret_value())


def look_at_database(settings: Settings) -> Check:
    """Look at the database without creating or migrating it: that is the bot's to do, as its own user."""
    try:
        path = database_path(settings.database_url)
    except Misconfigured as error:
        return Check(name=DATABASE, ok=False, says=str(error).removeprefix(f"{DATABASE} "))
    return inspect(path)


def standing_pause(settings: Settings) -> Pause | None:
    """Look whether an admin has stopped all sending, without creating or migrating the database."""
    path = database_path(settings.database_url)
    if not path.exists() or path.stat().st_size == 0:
        return None
    with open_archive(settings.database_url) as archive:
        return archive.paused()


def tell(check: Check) -> bool:
    """Print a check and return whether it is well."""
    click.echo(f"{'ok' if check.ok else 'no'}  {check.name}: {check.says}")
    return check.ok

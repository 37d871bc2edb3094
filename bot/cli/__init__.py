"""The commands of the shell. Each imports what it needs when it is called, so that help and manifest are quick."""
# ruff: noqa: PLC0415 - a command loads its own parts alone

import asyncio
import gc
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

import click

from bot.domain.errors import Misconfigured, OfferdeskError

#: exit codes: it failed; it was asked for or set up wrongly
FAILED, WRONG = 1, 2


class Commands(click.Group):
    """Ends every error of Offerdesk's own with its sentence, and everything else with a masked traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        from bot import logs

        logs.set_up(level="warning", form="console")
        sys.excepthook = tell_masked
        try:
            return super().invoke(ctx)
        except OfferdeskError as error:
            click.echo(error, err=True)
            ctx.exit(WRONG if isinstance(error, Misconfigured) else FAILED)


def tell_masked(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print what Python would print, without secrets and addresses."""
    from bot.logs import Masking

    sys.stderr.write(Masking().text("".join(traceback.format_exception(kind, error, trace))))


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(ctx: click.Context) -> None:
    """Grant and revoke offers once somebody else has approved. Without a command, run the bot.

    Settings come from the environment or from .env; the README has the table.
    """
    if ctx.invoked_subcommand is None:
        gc.disable()  # hardly anything of what is imported and built now ever dies
        from bot.cli.run import run
        from bot.settings import read_settings

        asyncio.run(run(read_settings()))


@main.command()
def doctor() -> None:
    """Check everything the bot needs."""
    from bot.cli.doctor import examine

    sys.exit(0 if asyncio.run(examine()) else FAILED)


@main.command()
@click.option("--http", "url", metavar="URL", help="For signed HTTP at this public address, instead of Socket Mode.")
def manifest(url: str | None) -> None:
    """Print the Slack manifest."""
    from bot.slack.manifest import as_yaml
    from bot.slack.manifest import manifest as made

    try:
        click.echo(as_yaml(made(http_url=url)), nl=False)
    except ValueError as error:
        raise click.BadParameter(f"{error}.", param_hint="--http") from None


@main.group()
def requests() -> None:
    """Read what was asked for."""


@requests.command("list")
@click.option("--waiting", is_flag=True, help="Only those that wait for a decision.")
@click.option("--by", metavar="USER", help="Only those of one person, by Slack id.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=1), help="How many at most.")
def list_requests(*, waiting: bool, by: str | None, limit: int) -> None:
    """List requests, newest first."""
    from bot.cli.requests import listed

    asyncio.run(listed(waiting=waiting, by=by, limit=limit))


@requests.command("show")
@click.argument("request_id", metavar="ID")
def show_request(request_id: str) -> None:
    """Show one request with its history."""
    from bot.cli.requests import shown

    asyncio.run(shown(request_id))


@requests.command("export")
@click.argument("request_id", metavar="ID")
def export_request(request_id: str) -> None:
    """Write what became of each customer of a list to standard output, as CSV."""
    from bot.cli.requests import exported

    asyncio.run(exported(request_id))


@main.group()
def audit() -> None:
    """Verify and export the audit."""


@audit.command()
@click.option(
    "--head",
    "heads",
    multiple=True,
    metavar="LINE:HASH",
    help="A head that was told in ALERTS_CHANNEL; may be repeated.",
)
def verify(*, heads: tuple[str, ...]) -> None:
    """Find the first line that was changed, removed, moved or cut off."""
    from bot.cli.audit import holds

    sys.exit(0 if holds(heads) else FAILED)


@audit.command()
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="jsonl", show_default=True)
@click.option("--after", default=0, type=click.IntRange(min=0), metavar="SEQ", help="Only what follows this line.")
def export(*, form: str, after: int) -> None:
    """Write the audit to standard output: CSV for spreadsheets, JSON Lines for machines."""
    from bot.cli.audit import write_csv, write_jsonl

    (write_csv if form == "csv" else write_jsonl)(after=after)


@main.group()
def policy() -> None:
    """Check the rules of a policy, and ask what they say."""


FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@policy.command("check", short_help="Find what is wrong with a policy.")
@click.argument("file", required=False, type=FILE)
def check_policy(*, file: Path | None) -> None:
    """Read a policy (without FILE, the bot's own) and look up whom and what it names."""
    from bot.cli.policy import check

    sys.exit(0 if asyncio.run(check(file)) else FAILED)


@policy.command("explain", short_help="Say which rule decides, why, and who.")
@click.argument("words")
@click.option("--file", type=FILE, help="Another policy than the bot's own.")
def explain_policy(*, words: str, file: Path | None) -> None:
    """Say which rule decides on WORDS, such as "grant 4242 to jane@example.com by U123", why, and who."""
    from bot.cli.policy import explain

    asyncio.run(explain(words, file))


@policy.command("simulate", short_help="Say what would have gone otherwise.")
@click.argument("file", type=FILE)
def simulate_policy(*, file: Path) -> None:
    """List what would have gone otherwise so far under the policy in FILE."""
    from bot.cli.simulation import simulate

    asyncio.run(simulate(file))


@main.command()
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(address: str, *, yes: bool) -> None:
    """Blank a customer's address and name. It cannot be taken back; the audit still verifies."""
    from bot.cli.forget import blank, demand_possible

    demand_possible(address)
    if not yes:
        click.confirm("Blank this address and the customer's name everywhere? It cannot be taken back", abort=True)
    asyncio.run(blank(address))

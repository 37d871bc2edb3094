"""Forgetting a customer's address."""

from time import time

import click

from bot.cli.database import existing_store, existing_url
from bot.domain.draft import is_address, normal


def demand_possible(address: str) -> None:
    """Refuse what cannot be done, before anybody is asked anything."""
    existing_url()
    if not is_address(normal(address)):
        raise click.BadParameter(
            "give one address as it was asked with, like jane@example.com, +491701234567 or ext:A-17.",
            param_hint="ADDRESS",
        )


async def blank(address: str) -> None:
    """Blank it, and say what was blanked."""
    async with existing_store() as store:
        gone = await store.forget(normal(address), now=time())
    if not gone.contacts and not gone.texts:
        click.echo("This address is nowhere in the database.")
        return
    click.echo(
        f"Blanked: {_count(gone.contacts, 'contact')} and {_count(gone.texts, 'text')}, "
        f"in {_count(gone.requests, 'request')}. The audit still verifies.\n"
        "The bot redraws its cards. What people wrote in Slack themselves, and backups, still hold the address."
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

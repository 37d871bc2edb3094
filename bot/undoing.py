"""What undoes a change does no more than that change did: where it did a part alone, a part alone is undone."""

from bot.domain import preview
from bot.domain.request import Action, Change, Reading
from bot.ports import Provider, UndoesParts


def is_part(provider: Provider, undoes: str) -> bool:
    """Whether the receipt of what is undone tells of a part; empty where nothing is undone."""
    return bool(undoes) and isinstance(provider, UndoesParts) and provider.is_part(undoes)


def already_so(provider: Provider, change: Change, reading: Reading) -> bool:
    """Whether the world is as the change would make it, as far as the provider tells."""
    part = is_part(provider, change.undoes)
    return preview.already_so(change.action, reading, change.offer_id, part=part)


def effects(
    provider: Provider, action: Action, reading: Reading, *, welcome_email: bool, undoes: str
) -> tuple[str, ...]:
    """Say what else will or may happen."""
    if isinstance(provider, UndoesParts) and is_part(provider, undoes):
        return provider.part_effects(action, reading)
    return provider.effects(action, reading, welcome_email=welcome_email)

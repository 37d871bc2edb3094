"""What else will or may happen when Capillary issues or revokes: as careful as what is known allows."""

from bot.domain.request import Action, Holding, Reading
from bot.providers.capillary import words
from bot.providers.capillary.meaning import Kind


def effects(
    action: Action, reading: Reading, *, kind: Kind | None, proved: bool, part: bool = False
) -> tuple[str, ...]:
    """Say it in sentences. `kind` is the promotion's type, None while nobody has asked; `part`: of one step alone."""
    if action is Action.CREATE:
        return (words.CREATE,)
    offer_id = reading.offer.id if reading.offer is not None else ""
    untold = (words.UNTOLD,) if offer_id in reading.untold else ()
    held = reading.holding(offer_id)
    if action is Action.REVOKE:
        order = (words.REVOKE_PART if part else words.REVOKE_TWO_STEPS,) if kind is not Kind.DIRECT else ()
        return (
            *untold,
            *order,
            words.REVOKE_BENEFITS,
            words.REVOKE_LIMIT,
            *(() if proved else (words.REVOKE_OURS,)),
            words.REVOKE_UNDO,
        )
    steps: tuple[str, ...] = (words.GRANT_PART,) if part else _steps(kind, held, untold=bool(untold))
    return (*untold, *steps, *_before(reading, offer_id), words.GRANT_LATER, words.GRANT_LIMIT)


def _steps(kind: Kind | None, held: Holding | None, *, untold: bool) -> tuple[str, ...]:
    if kind is Kind.DIRECT or held is not None:
        return (words.GRANT_ISSUES,)
    return (words.GRANT_TWO_STEPS, words.GRANT_MAYBE_ENROLLED) if untold else (words.GRANT_TWO_STEPS,)


def _before(reading: Reading, offer_id: str) -> tuple[str, ...]:
    ended = any(one.offer_id == offer_id and one.ended is not None for one in reading.holdings)
    return (words.GRANT_AGAIN,) if ended else ()

"""In what words is it told what a customer holds?"""

from collections.abc import Sequence

from bot.domain.request import Action, Holding, Offer
from bot.words.text import DAY, date, listed, safe

#: a title among others
TITLE = 60
#: as many as are still read
NAMED = 12


def title_of(holding: Holding) -> str:
    """Name what is held, also where nobody can say its title any more."""
    return safe(holding.title, TITLE) or f"offer {safe(holding.offer_id, 20)}"


def in_words(holding: Holding) -> str:
    """Name it, with how and since when."""
    how = (["in part"] if holding.partly else ["granted"]) if holding.granted else []
    if holding.purchases:
        how.append("paying for it" if holding.paying else "bought")
    if holding.since is not None:
        how.append(f"since {date(holding.since, DAY)}")
    how += [safe(detail, TITLE) for detail in holding.details[:NAMED]]
    return title_of(holding) + (f" ({', '.join(how)})" if how else "")


def all_of(holdings: Sequence[Holding], *, first: str = "", most: int = NAMED) -> str:
    """Name all that gives access now, at most so many, the offer `first` before all others."""
    active = sorted((one for one in holdings if one.active), key=lambda one: one.offer_id != first)
    return _some([in_words(one) for one in active], most)


def afterwards(action: Action, holdings: Sequence[Holding], offer: Offer, *, most: int = NAMED) -> str:
    """Say what will be held once it is done."""
    kept = [title_of(one) for one in holdings if one.active and one.offer_id != offer.id]
    target = safe(offer.title, TITLE)
    if action is Action.GRANT:
        return _some([f"*{target}*", *kept], most)
    return f"{_some(kept, most)}, without ~{target}~"


def _some(names: list[str], most: int) -> str:
    shown = names[:most] + ([f"{len(names) - most} more"] if len(names) > most else [])
    return listed(shown) if shown else "nothing"

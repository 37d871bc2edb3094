"""Whose answer is whose? Items that answer a call for several customers name the customer only where all is well.

Neither a status nor a count means success: only the expected id does, for this customer and this promotion, without
the warning that a limit was reached. What an item does not say is never guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import ProviderError, Rejected, Unavailable, Unknown
from bot.providers.capillary import words
from bot.providers.capillary.faults import CAPILLARY, LIMIT, OF_THE_CALL, Fault, faults_in, faults_of, first_of
from bot.providers.cleaning import identifier
from bot.providers.words import NO_SENSE

GIVE, TAKE = "/v2/promotion/bulk/enrolAndEarn", "/v2/promotion/bulk/revokeEnrolAndEarn"
#: what became of one customer: the ids that prove it, or why not
Outcome = tuple[str, ...] | ProviderError


@dataclass(frozen=True, slots=True)
class Step:
    """An action of Capillary's, and the names under which its answers carry the id that proves it."""

    name: str
    path: str
    proof: tuple[str, ...]


ENROL = Step("ENROL", GIVE, ("issualId",))
ISSUE = Step("EARN", GIVE, ("earnedId",))
REVOKE_ISSUED = Step("REVOKE_EARN", TAKE, ("revokedEarnIds",))
REVOKE_ENROLMENT = Step("REVOKE_ENROL", TAKE, ("issualId", "revokedIssualId"))


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an answer."""

    customer: str | None
    ids: tuple[str, ...]
    faults: tuple[Fault, ...]


def outcomes(
    document: Any, step: Step, *, promotion: str, customers: Mapping[str, Sequence[str]]
) -> dict[str, Outcome]:
    """Give every customer the part of the answer that is theirs."""
    whole = faults_of(document)
    told = document.get("response") if isinstance(document, dict) else None
    if not isinstance(told, list) or (whole and not told):
        error = whole[0].as_error() if whole else _untold(NO_SENSE)
        return dict.fromkeys(customers, error)
    items = [_item(one, step, promotion) for one in told]
    found = {one: _own(one, ids, items) for one, ids in customers.items()}
    known: dict[str, Outcome] = {one: outcome for one, outcome in found.items() if outcome is not None}
    nameless = [item for item in items if item.customer is None]
    left = [one for one in customers if one not in known]
    return known | dict.fromkeys(left, _of_nameless(nameless, left=len(left), sent=len(customers), told=len(items)))


def _own(customer: str, ids: Sequence[str], items: Iterable[Item]) -> Outcome | None:
    """Read the item that names this customer; None where there is none, or more than one."""
    mine = [item for item in items if item.customer == customer]
    if len(mine) != 1:
        return None
    (item,) = mine
    proved = bool(item.ids) and set(ids) <= set(item.ids)
    if not item.faults:
        return item.ids if proved else _untold(words.NO_PROOF)
    if item.ids:
        return _untold(words.contradiction(item.faults[0].sentence))
    return item.faults[0].as_error()


def _of_nameless(nameless: Sequence[Item], *, left: int, sent: int, told: int) -> ProviderError:
    """Say what became of customers whom no item names.

    With one item for every customer it is certain that they are those of whom something is wrong, if not what of whom:
    then what leaves the most open goes for all of them.
    """
    faults = [item.faults[0] for item in nameless if item.faults]
    whole = first_of(faults, *OF_THE_CALL)
    if whole is not None and told == 1:
        return whole.as_error()
    if not faults or len(faults) != left or told != sent:
        return _untold(words.NOTHING_SAID)
    if len({fault.code for fault in faults}) == 1:
        return faults[0].as_error()
    reasons = dict.fromkeys(fault.sentence for fault in faults)
    kinds = {type(fault.as_error()) for fault in faults}
    worst = next(kind for kind in (Unknown, Unavailable, Rejected) if kind in kinds)
    return worst(CAPILLARY, words.one_of(reasons), code="refused")


def _item(told: Any, step: Step, promotion: str) -> Item:
    told = told if isinstance(told, dict) else {}
    result = told.get("result")
    faults = faults_in(told.get("errors"))
    limit = first_of(faults_in(told.get("warnings")), LIMIT)
    if not isinstance(result, dict):
        return Item(None, (), faults + ((limit,) if limit else ()))
    other = str(result.get("promotionId", promotion)) != promotion
    ids = () if other else _ids(result, step)
    return Item(identifier(result.get("entityId")), ids, faults + ((limit,) if limit else ()))


def _ids(result: Mapping[str, Any], step: Step) -> tuple[str, ...]:
    """Read ids that come as numbers or as text, alone or as a list."""
    told = next((result[name] for name in step.proof if result.get(name) is not None), None)
    read = [identifier(one) for one in (told if isinstance(told, list) else [told])]
    return tuple(one for one in read if one is not None)


def _untold(detail: str) -> Unknown:
    return Unknown(CAPILLARY, detail, code="untold")

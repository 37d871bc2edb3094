"""Grants and revokes: one change for everybody else, up to two steps for Capillary, in their order.

A promotion of the type *enrol and issue* is enrolled in and then issued; what is issued is revoked before the
enrolment is. Nothing here is sent twice: where the answer to a first step is lost, reading decides about the second.
What was done stays done when a second step is refused or held back, and the answer says so.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from bot.domain.errors import ProviderError, Rejected, Unavailable, Unknown
from bot.domain.request import Action, Change, Contact
from bot.ports import Clock, Permit
from bot.providers.capillary.bulk import ENROL, ISSUE, REVOKE_ENROLMENT, REVOKE_ISSUED, Outcome, Step
from bot.providers.capillary.calls import Calls, Permits
from bot.providers.capillary.faults import CAPILLARY, PERHAPS_GONE
from bot.providers.capillary.meaning import NOTHING, Kind, Standing, promotion_id, standing_in

#: what Capillary answered when this bot changed something for a contact and a promotion
Receipts = Callable[[Contact, str], Awaitable[Sequence[str]]]
Answers = dict[str, str | ProviderError]

NOT_OURS = (
    "ids of what was issued are known only where this bot issued it, and here something else is issued: "
    "revoke it in Capillary, or set CAPILLARY_ISSUED_IDS_PROVED once it is proved that reads show the same ids"
)
HELD = "the customer has this promotion already"
NOT_HELD = "the customer holds nothing of this promotion"
BUSY = "another change for this customer is under way"
_ISSUED, _REVOKED = re.compile(r"issued ([\d, ]+)"), re.compile(r"revoked ([\d, ]+)")


@dataclass(slots=True)
class Writer:
    """Takes the steps of a change for several customers at once, and of one customer one change at a time."""

    calls: Calls
    clock: Clock
    receipts: Receipts
    batch: int
    #: whether ids that reads show may be named, too
    proved: bool
    _under_way: set[tuple[str, str]] = field(default_factory=set)

    async def write(self, kind: Kind, changes: Sequence[Change], permit: Permit) -> list[Answers]:
        """Make changes of one action and promotion; a contact that is worked on already gets no second change.

        Each answer is found by the id of the contact.
        """
        action, promotion = changes[0].action, changes[0].offer_id
        mine: dict[str, Change] = {}
        answers: list[Answers] = []
        for change in changes:
            known = change.contact.id or ""
            if (promotion, known) in self._under_way:
                answers.append({known: Unavailable(CAPILLARY, BUSY, code="busy")})
            else:
                self._under_way.add((promotion, known))
                mine[known] = change
                answers.append({})
        try:
            steps = self._grant if action is Action.GRANT else self._revoke
            contacts = {one: change.contact for one, change in mine.items()}
            found = await steps(promotion, kind, contacts, {one: partial(permit, mine[one]) for one in mine})
        finally:
            self._under_way -= {(promotion, known) for known in mine}
        return [one or found for one in answers]

    # --- granting ------------------------------------------------------------------------------------------------

    async def _grant(self, promotion: str, kind: Kind, contacts: Mapping[str, Contact], permits: Permits) -> Answers:
        before, answers = _apart(await self._standings(promotion, contacts))
        answers |= {one: Rejected(CAPILLARY, HELD, code="held") for one, standing in before.items() if standing.issues}
        wanted = [one for one in before if one not in answers]
        enrolled: dict[str, str] = {}
        if kind is Kind.ENROL:
            new = [one for one in wanted if before[one].enrolment is None]
            for one, outcome in (await self._step(ENROL, promotion, dict.fromkeys(new, ()), permits)).items():
                outcome = await self._enrolled_after_all(promotion, one, outcome)  # noqa: PLW2901 - the better answer
                if isinstance(outcome, ProviderError):
                    answers[one] = outcome
                else:
                    enrolled[one] = f"enrolment {outcome[0]}"
        issued = await self._step(ISSUE, promotion, {one: () for one in wanted if one not in answers}, permits)
        return answers | {one: _ended(outcome, "issued", done=enrolled.get(one, "")) for one, outcome in issued.items()}

    async def _enrolled_after_all(self, promotion: str, customer: str, outcome: Outcome) -> Outcome:
        """Where the answer was lost, read: who is enrolled now, and was not before, has been enrolled by it."""
        if not isinstance(outcome, Unknown):
            return outcome
        standing = await self._standing(promotion, customer)
        if isinstance(standing, ProviderError) or standing.enrolment is None:
            return outcome
        return (standing.enrolment,)

    # --- revoking ------------------------------------------------------------------------------------------------

    async def _revoke(self, promotion: str, kind: Kind, contacts: Mapping[str, Contact], permits: Permits) -> Answers:
        before, answers = _apart(await self._standings(promotion, contacts))
        named: dict[str, tuple[str, ...]] = {}
        for one, standing in before.items():
            if not (standing.issues or standing.enrolment or standing.untold):
                answers[one] = Rejected(CAPILLARY, NOT_HELD, code="not_held")
                continue
            ids = await self._ids(promotion, contacts[one], standing)
            if ids is None:
                answers[one] = Rejected(CAPILLARY, NOT_OURS, code="not_ours")
            elif ids:
                named[one] = ids
        revoked: dict[str, str] = {}
        for one, outcome in (await self._step(REVOKE_ISSUED, promotion, named, permits)).items():
            gone = await self._gone_after_all(promotion, one, outcome)
            if isinstance(gone, ProviderError):
                answers[one] = gone
            else:
                revoked[one] = f"revoked {', '.join(gone)}" if gone else ""
        left = {one: () for one in before if one not in answers and _is_enrolled(kind, before[one])}
        for one, outcome in (await self._step(REVOKE_ENROLMENT, promotion, left, permits)).items():
            answers[one] = _ended(outcome, "ended enrolment", done=revoked.get(one, ""))
        return {one: told or "nothing issued any more" for one, told in revoked.items() if one not in answers} | answers

    async def _ids(self, promotion: str, contact: Contact, standing: Standing) -> tuple[str, ...] | None:
        """Name what is to be revoked: never without ids, which would revoke all. None: that cannot be told."""
        if self.proved and not standing.untold:
            return standing.issued
        recorded = recorded_ids(await self.receipts(contact, promotion))
        if standing.untold:
            return recorded or None
        ours = tuple(one for one in standing.issued if one in recorded)
        if not ours and standing.issues:
            ours = recorded  # reads may name the same thing by another id
        return ours if len(ours) >= len(standing.issues) else None

    async def _gone_after_all(self, promotion: str, customer: str, outcome: Outcome) -> Outcome:
        """Where it says that there is nothing to revoke, read: only if nothing is left, there is nothing to do."""
        if not isinstance(outcome, Rejected) or outcome.code not in {str(one) for one in PERHAPS_GONE}:
            return outcome
        standing = await self._standing(promotion, customer)
        gone = isinstance(standing, Standing) and not standing.issues and not standing.untold
        return () if gone else outcome

    # --- what both need ------------------------------------------------------------------------------------------

    async def _step(
        self, step: Step, promotion: str, customers: Mapping[str, Sequence[str]], permits: Permits
    ) -> Mapping[str, Outcome]:
        """Take a step for as many customers at once as may be; only those of one promotion go together."""
        found: dict[str, Outcome] = {}
        waiting = list(customers)
        while waiting:
            now, waiting = waiting[: self.batch], waiting[self.batch :]
            found |= await self.calls.send(step, promotion, {one: customers[one] for one in now}, permits)
        return found

    async def _standings(self, promotion: str, customers: Iterable[str]) -> Mapping[str, Standing | ProviderError]:
        asked = list(customers)
        told = await asyncio.gather(*(self._standing(promotion, one) for one in asked))
        return dict(zip(asked, told, strict=True))

    async def _standing(self, promotion: str, customer: str) -> Standing | ProviderError:
        try:
            items = await self.calls.promotions_of(customer)
        except ProviderError as error:
            return error
        if items is None:
            return Rejected(CAPILLARY, "it knows no customer with this id any more", code="no_contact")
        mine = [one for one in items if promotion_id(one, "promotionId", "id") == promotion]
        return standing_in(mine[0], self.clock()) if mine else NOTHING


def recorded_ids(receipts: Iterable[str]) -> tuple[str, ...]:
    """Name what this bot had issued, and has not revoked since, by the ids that Capillary gave it."""
    told = list(receipts)
    issued, revoked = ([number for one in told for number in _numbers(kind, one)] for kind in (_ISSUED, _REVOKED))
    return tuple(dict.fromkeys(one for one in issued if one not in revoked))


def _numbers(kind: re.Pattern[str], receipt: str) -> list[str]:
    return [number for found in kind.findall(receipt) for number in re.findall(r"\d+", found)]


def _is_enrolled(kind: Kind, standing: Standing) -> bool:
    return kind is Kind.ENROL and (standing.enrolment is not None or standing.untold)


def _apart(standings: Mapping[str, Standing | ProviderError]) -> tuple[dict[str, Standing], Answers]:
    """Tell those who could be read from those who could not: for these nothing was sent."""
    read = {one: told for one, told in standings.items() if isinstance(told, Standing)}
    return read, {one: told for one, told in standings.items() if isinstance(told, ProviderError)}


def _ended(outcome: Outcome, what: str, *, done: str) -> str | ProviderError:
    """Write the receipt; or say, before the reason, what was done: then it is never told as if nothing had been."""
    if not isinstance(outcome, ProviderError):
        return ", ".join(filter(None, (done, f"{what} {', '.join(outcome)}")))
    if not done:
        return outcome
    if isinstance(outcome, Unknown):
        return Unknown(CAPILLARY, f"{done}; then {outcome.detail}", code=outcome.code)
    return Rejected(CAPILLARY, f"{done}, and no more: {outcome.detail}", code="InPart")

"""Grants and revokes: one change for everybody else, up to two steps for Capillary, in their order.

A promotion of the type *enrol and issue* is enrolled in and then issued; what is issued is revoked before the
enrolment is. Nothing here is sent twice: where the answer to a first step is lost, reading decides about the second.
What was done stays done when a second step is refused or held back, and the answer says so. So that neither comes from
want of time, both steps are taken for as many as fit into a call before anybody else's turn, and the second hurries.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial

from bot.domain.attempt import IN_PART, NO_MORE
from bot.domain.errors import ProviderError, Rejected, Unavailable, Unknown
from bot.domain.request import Action, Change
from bot.pacing import hurried
from bot.ports import Clock, Permit
from bot.providers.capillary import words
from bot.providers.capillary.bulk import ENROL, ISSUE, REVOKE_ENROLMENT, REVOKE_ISSUED, Outcome, Step
from bot.providers.capillary.calls import Calls, Permits
from bot.providers.capillary.faults import CAPILLARY, PERHAPS_GONE
from bot.providers.capillary.meaning import Kind, Standing
from bot.providers.capillary.memory import Memory, standing_of
from bot.providers.capillary.naming import Namer, is_part

Answers = dict[str, str | ProviderError]


@dataclass(slots=True)
class Writer:
    """Takes the steps of a change for several customers at once, and of one customer one change at a time."""

    calls: Calls
    clock: Clock
    namer: Namer
    memory: Memory
    batch: int
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
                answers.append({known: Unavailable(CAPILLARY, words.BUSY, code="busy")})
            else:
                self._under_way.add((promotion, known))
                mine[known] = change
                answers.append({})
        try:
            steps, found = self._grant if action is Action.GRANT else self._revoke, Answers()
            for some in _batches(mine, self.batch):
                found |= await steps(promotion, kind, some, {one: partial(permit, mine[one]) for one in some})
        finally:
            self._under_way -= {(promotion, known) for known in mine}
        return [one or found for one in answers]

    # --- granting ------------------------------------------------------------------------------------------------

    async def _grant(self, promotion: str, kind: Kind, changes: Mapping[str, Change], permits: Permits) -> Answers:
        before, answers = _apart(await self._standings(changes))
        enrols_alone = {one for one, change in changes.items() if is_part(change.undoes)}
        held = [one for one, told in before.items() if told.issues or (one in enrols_alone and told.enrolment)]
        answers |= {one: Rejected(CAPILLARY, words.HELD, code="held") for one in held}
        wanted = [one for one in before if one not in answers]
        enrolled: dict[str, str] = {}
        if kind is Kind.ENROL:
            new = [one for one in wanted if before[one].enrolment is None]
            for one, outcome in (await self._step(ENROL, promotion, dict.fromkeys(new, ()), permits)).items():
                outcome = await self._enrolled_after_all(changes[one], outcome)  # noqa: PLW2901 - the better answer
                if isinstance(outcome, ProviderError):
                    answers[one] = outcome
                else:
                    enrolled[one] = f"enrolment {outcome[0]}"
        answers |= {one: receipt for one, receipt in enrolled.items() if one in enrols_alone}
        with hurried() if enrolled else nullcontext():
            issued = await self._step(ISSUE, promotion, {one: () for one in wanted if one not in answers}, permits)
        return answers | {one: _ended(outcome, "issued", done=enrolled.get(one, "")) for one, outcome in issued.items()}

    async def _enrolled_after_all(self, change: Change, outcome: Outcome) -> Outcome:
        """Where the answer was lost, read: who is enrolled now, and was not before, has been enrolled by it."""
        if not isinstance(outcome, Unknown):
            return outcome
        standing = await self._standing(change)
        if isinstance(standing, ProviderError) or standing.enrolment is None:
            return outcome
        return (standing.enrolment,)

    # --- revoking ------------------------------------------------------------------------------------------------

    async def _revoke(self, promotion: str, kind: Kind, changes: Mapping[str, Change], permits: Permits) -> Answers:
        before, answers = _apart(await self._standings(changes))
        named: dict[str, tuple[str, ...]] = {}
        for one, standing in before.items():
            enrolled = standing.enrolment is not None and not is_part(changes[one].undoes)
            if not (standing.issues or enrolled or standing.untold):
                answers[one] = Rejected(CAPILLARY, words.NOT_HELD, code="not_held")
                continue
            ids = await self._ids(changes[one], standing)
            if isinstance(ids, Rejected):
                answers[one] = ids
            elif ids:
                named[one] = ids
        revoked: dict[str, str] = {}
        for one, outcome in (await self._step(REVOKE_ISSUED, promotion, named, permits)).items():
            gone = await self._gone_after_all(changes[one], before[one], outcome)
            if isinstance(gone, ProviderError):
                answers[one] = gone
            else:
                revoked[one] = f"revoked {', '.join(gone)}" if gone else ""
        left = {one: () for one in before if one not in answers and _ends(kind, before[one], changes[one])}
        with hurried() if revoked else nullcontext():
            ended = await self._step(REVOKE_ENROLMENT, promotion, left, permits)
        for one, outcome in ended.items():
            answers[one] = _ended(outcome, "ended enrolment", done=revoked.get(one, ""))
        return {one: told or "nothing issued any more" for one, told in revoked.items() if one not in answers} | answers

    async def _ids(self, change: Change, standing: Standing) -> tuple[str, ...] | Rejected:
        """Name what is to be revoked: never without ids, which would revoke all. What a person named is all there is.

        Empty where nothing is issued, so that there is nothing to name.
        """
        if change.ids and (standing.issues or standing.untold):
            if len(change.ids) >= len(standing.issues):
                return change.ids
            few = words.too_few(issued=len(standing.issues), named=len(change.ids))
            return Rejected(CAPILLARY, few, code="too_few")
        ids = self.namer.names(standing, await self.namer.given(change.contact, change.offer_id))
        return Rejected(CAPILLARY, words.NOT_OURS, code="not_ours") if ids is None else ids

    async def _gone_after_all(self, change: Change, before: Standing, outcome: Outcome) -> Outcome:
        """Where it says that there is nothing to revoke, read: only if nothing is left, there is nothing to do.

        Else, where the ids that were named were not those that reads show, what is left is something else.
        """
        if not isinstance(outcome, Rejected) or outcome.code not in {str(one) for one in PERHAPS_GONE}:
            return outcome
        standing = await self._standing(change)
        if isinstance(standing, Standing) and not standing.issues and not standing.untold:
            return ()
        given = await self.namer.given(change.contact, change.offer_id)
        others = not change.ids and before.issues and not set(before.issued) & set(given.issued)
        return Rejected(CAPILLARY, words.NOT_OURS, code="not_ours") if others else outcome

    # --- what both need ------------------------------------------------------------------------------------------

    async def _step(
        self, step: Step, promotion: str, customers: Mapping[str, Sequence[str]], permits: Permits
    ) -> Mapping[str, Outcome]:
        """Take a step for those for whom it is to be taken; only customers of one promotion go together."""
        return await self.calls.send(step, promotion, customers, permits) if customers else {}

    async def _standings(self, changes: Mapping[str, Change]) -> Mapping[str, Standing | ProviderError]:
        """Say how each of them stands to it: as it was seen a moment ago, or as it is read now."""
        found: dict[str, Standing | ProviderError] = {}
        for one, change in changes.items():
            if (seen := self.memory.take(change.offer_id, one, action=change.action)) is not None:
                found[one] = seen
        left = [one for one in changes if one not in found]
        told = await asyncio.gather(*(self._standing(changes[one]) for one in left))
        return found | dict(zip(left, told, strict=True))

    async def _standing(self, change: Change) -> Standing | ProviderError:
        try:
            items = await self.calls.promotions_of(change.contact.id or "")
        except ProviderError as error:
            return error
        if items is None:
            return Rejected(CAPILLARY, words.NO_SUCH_ID, code="no_contact")
        taken = await self.namer.taken(change.contact, change.offer_id)
        return standing_of(items, change.offer_id, self.clock(), taken)


def _batches(changes: Mapping[str, Change], size: int) -> Iterator[Mapping[str, Change]]:
    """Name as many at a time as go into one call."""
    names = list(changes)
    for first in range(0, len(names), size):
        yield {one: changes[one] for one in names[first : first + size]}


def _ends(kind: Kind, standing: Standing, change: Change) -> bool:
    """Whether there is an enrolment that the change ends."""
    enrolled = kind is Kind.ENROL and (standing.enrolment is not None or standing.untold)
    return enrolled and not is_part(change.undoes)


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
        return Unknown(CAPILLARY, words.lost_after(done, outcome.detail), code=outcome.code)
    return Rejected(CAPILLARY, f"{done}{NO_MORE}{outcome.detail}", code=IN_PART)

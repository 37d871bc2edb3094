"""Is sending a change still what was approved (P6)? The last look before the point of no return."""

from dataclasses import dataclass, replace
from functools import partial

from bot import undoing
from bot.authority import Authority
from bot.domain import attempt, ends, preview
from bot.domain.errors import ContactNotFound, NotAllowed, OfferGone, Refusal, RuledOut, TermOver
from bot.domain.request import NOT_MOVED, Action, Case, Change, ChangeState, Offer, Reading
from bot.domain.states import Timing
from bot.ports import Clock, Take
from bot.previews import Moves, Previews, signature
from bot.readings import Readings


@dataclass(frozen=True, slots=True)
class Comparison:
    """Holds the world as it is now, and the approver as they are now, against what was approved."""

    authority: Authority
    previews: Previews
    readings: Readings
    clock: Clock
    timing: Timing

    async def lapsed(self, case: Case) -> str:
        """Name what makes the approval void, apart from the world it was given for. Raises `StandingUnknown`.

        That something ends was approved together with that it began. However long ago that was, and whether or not
        those people may decide by now: to ask once more would let it go on for longer than anybody approved.
        """
        if case.request.is_end:
            return ""
        decided = case.request.decided
        # a time to come was told by a clock that was put back since, and is believed for as long
        if decided is not None and abs(self.clock() - decided) > self.timing.approval:
            return "ApprovalTooOld"
        if case.request.preview.get("overdrawn"):
            return "Overdrawn"
        refusal = await self.authority.lapsed(case)
        return refusal.code if isinstance(refusal, NotAllowed) else ""

    async def instead(self, change: Change, case: Case, reading: Reading, *, lapsed: str) -> Take | None:
        """Return the step to take instead of sending; None when sending is right."""
        end = partial(attempt.finish, change_id=change.id, attempt=change.attempts, now=self.clock())
        moves = await self.previews.moves(case, reading)
        code = NOT_MOVED if case.request.preview.get("moves") and not moves else ""
        unneeded = partial(end, to=ChangeState.UNNEEDED, code=code, contact=reading.contact)
        so = undoing.already_so(self.previews.providers[change.provider], change, reading)
        if so and not (moves and change.action is Action.GRANT):
            return unneeded
        try:
            offer = await self._offer_now(change, case, reading)
        except Refusal as gone:
            return partial(end, to=ChangeState.FAILED, code=gone.code)
        same = self._signature(case, reading, offer, moves) == case.request.fingerprint and same_name(change, case)
        otherwise = _given_otherwise(case, reading)
        if same and not lapsed and not otherwise:
            return unneeded if so else None
        try:
            shown, fingerprint = await self.previews.of(
                case, await self.readings.titled(reading, change.provider), offer
            )
        except RuledOut as refusal:
            return partial(end, to=ChangeState.FAILED, code=refusal.code)
        return partial(
            attempt.drift,
            change_id=change.id,
            attempt=change.attempts,
            preview=shown,
            fingerprint=fingerprint,
            offer=replace(offer, description=""),
            why=lapsed or ("Bought" if case.request.is_end and not same else otherwise) or "WorldChanged",
            changed=preview.what_changed(case.request.offer, offer),
            timing=self.timing,
            now=self.clock(),
        )

    @staticmethod
    def _signature(case: Case, reading: Reading, offer: Offer, moves: Moves) -> str:
        if not case.request.is_end:
            return signature(case, reading, offer, moves)
        return ends.fingerprint(case.request.offer, reading.contact, ends.bought(reading, case.request.offer.id))

    async def _offer_now(self, change: Change, case: Case, reading: Reading) -> Offer:
        """Return the offer as it is, or raise why the change cannot be made any more."""
        creates = change.action is Action.CREATE
        if (reading.contact is None and not creates) or (creates and not change.contact.address):
            raise ContactNotFound
        term = case.request.term
        if term is not None and term.ends(self.clock()) <= self.clock():
            raise TermOver
        revokes = case.request.action is Action.REVOKE  # which can be done of an offer that is sold no more, too
        if reading.offer is None and revokes:
            return case.request.offer
        listed = revokes or await self.readings.listed(change.provider, case.request.offer.id)
        if reading.offer is None or not listed:
            raise OfferGone
        return replace(reading.offer, internal_title=reading.offer.internal_title or case.request.offer.internal_title)


def _given_otherwise(case: Case, reading: Reading) -> str:
    """Say why people are asked about an end: a part of what is held was not granted here; empty where none was."""
    offer_id = case.request.offer.id
    if not case.request.is_end or offer_id not in reading.foreign:
        return ""
    return "IdsNeeded" if offer_id in reading.unnamed else "GivenOtherwise"


def same_name(change: Change, case: Case) -> bool:
    """Whether a contact would be created under the name that was approved."""
    approved = case.request.preview.get("name_digest", "")
    return change.action is not Action.CREATE or preview.digest(change.contact.name) == approved

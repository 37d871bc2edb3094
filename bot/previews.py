"""Builds what approvers are shown, from a reading of the world and from who may decide."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot import undoing
from bot.authority import Authority
from bot.domain import mixed
from bot.domain.bulk import PAYING, Planned
from bot.domain.errors import RefusedByRule, RuledOut
from bot.domain.policy import Cap, Ruling
from bot.domain.preview import Preview, digest, fingerprint
from bot.domain.request import Action, Case, ChangeState, Contact, Offer, Reading, Request
from bot.domain.spending import as_data, fits, for_people
from bot.ports import People, Provider, Store

#: how far back a requester's other requests are counted
ASKED_DAYS, DAY = 30, 86_400.0
#: an end and its date, or nothing
Moves = tuple[str, float] | tuple[()]
#: requests named that gave the customer something before
NAMED = 3


@dataclass(frozen=True, slots=True)
class Previews:
    """One preview for a new request, and another one when the world has changed since."""

    store: Store
    authority: Authority
    people: People
    providers: Mapping[str, Provider]

    async def room(self, case: Case) -> str:
        """Return the channel in which a rule wants this decided, as far as is known; empty where none does."""
        return _room(case.request, await self.authority.ruling(case))

    async def of(self, case: Case, reading: Reading, offer: Offer) -> tuple[Preview, str]:
        """Return the preview and the fingerprint that its approval will sign; raise `RuledOut`."""
        request = case.request
        dangers = _subscription(case, reading, offer)
        ruling = await self.authority.ruling(replace(case, request=replace(request, offer=offer)), dangers=dangers)
        if ruling.refusal is not None:
            raise RuledOut(ruling.refusal.words if isinstance(ruling.refusal, RefusedByRule) else "")
        contact = replace(reading.contact or case.main.contact, ref=case.main.contact.ref)
        given, moves = await self._given(request, contact), await self.moves(case, reading)
        creates = request.creates_contact and reading.contact is None
        preview = replace(
            await self._terms(ruling, request),
            holdings=reading.holdings,
            creates_contact=creates,
            name_digest=digest(case.main.contact.name) if creates else "",
            effects=undoing.effects(
                self.providers[request.provider],
                request.action,
                replace(reading, offer=offer),
                welcome_email=request.welcome_email,
                undoes=case.main.undoes,
            ),
            rivals=tuple(await self.store.rivals(contact, offer.id, but=request.id)),
            moves=moves,
            dangers=ruling.dangers,
            earlier=tuple(one.request.id for one in given[:NAMED]),
            given=len(given),
        )
        return preview, signature(case, reading, offer, moves)

    async def of_list(self, case: Case, offer: Offer, planned: Planned) -> Preview:
        """Return the preview of a list of which every row was looked at; raise `RuledOut`."""
        effects = dict(case.request.preview.get("effects", {}))
        paying = effects.pop(PAYING, 0)
        rows = planned.plans
        request = replace(case.request, offer=offer, preview={"rows": rows})
        dangers = ("subscription",) if paying else ()
        ruling = await self.authority.ruling(replace(case, request=request), dangers=dangers)
        if ruling.refusal is not None:
            raise RuledOut(ruling.refusal.words if isinstance(ruling.refusal, RefusedByRule) else "")
        return replace(
            for_people(await self._terms(ruling, request), why="list"),
            effects=tuple(effects),
            effect_counts=effects,
            dangers=ruling.dangers,
            rows=rows,
            value=None if offer.price is None else offer.price * request.customers,
            terms=_terms_of(planned, request),
            reasons=planned.reasons,
        )

    async def _terms(self, ruling: Ruling, request: Request) -> Preview:
        """Say who may decide, and how."""
        terms, channel = ruling.terms, _room(request, ruling)
        deciders = await self.authority.deciders(terms.named) - request.askers
        return Preview(
            approvers=terms.approvers,
            rule=ruling.rule,
            policy=self.authority.policy.digest,
            quorum=terms.quorum,
            one_from_each=terms.one_from_each,
            expiry=terms.expiry,
            reminders=terms.reminders,
            escalate_to=terms.escalate_to,
            escalate_after=terms.escalate_after,
            asked=await self._asked(request),
            outside=tuple(sorted(await self.people.outside(channel or request.channel, deciders))),
            channel=channel,
            additions=terms.additions,
            automatic=as_data(ruling.automatic) if ruling.automatic is not None else None,
            budgets=tuple(map(as_data, ruling.accounts)),
        )

    async def moves(self, case: Case, reading: Reading) -> Moves:
        """Name the end that a grant would move, and its date."""
        if case.request.action is not Action.GRANT:
            return ()
        contact = replace(reading.contact or case.main.contact, ref=case.main.contact.ref)
        end = await self.store.end_of(contact, case.request.offer.id)
        return () if end is None or end.planned is None else (end.id, end.planned)

    async def caps(self, case: Case, preview: Preview, offer: Offer) -> tuple[Cap, ...]:
        """Return what the approval must not go over where the policy approves this by itself."""
        if not fits(preview.automatic):
            return ()
        request = replace(case.request, offer=offer, preview=preview.as_data())
        return await self.authority.caps(replace(case, request=request))

    async def _given(self, request: Request, contact: Contact) -> list[Case]:
        """List what this customer was given here before, the newest first."""
        found = await self.store.given(request.provider, contact)
        grants = [one for one in found if one.request.action is Action.GRANT and one.request.id != request.id]
        return [one for one in grants if one.main.state is ChangeState.SUCCEEDED]

    async def _asked(self, request: Request) -> Mapping[str, int]:
        """Count what else the requester asked for in the month before, by what became of it."""
        since = request.created - ASKED_DAYS * DAY
        found = await self.store.asked_since(since, requester=request.requester.id, but=request.id)
        return dict(Counter(one.state.value for one in found if one.created < request.created))


def _terms_of(planned: Planned, request: Request) -> tuple[tuple[int, Mapping[str, Any] | None], ...]:
    """Sum up for how long it is granted to how many of a list; empty where it is for good for all of them."""
    summed = mixed.summed(planned.terms, request.term)
    if all(term is None for term, _ in summed):
        return ()
    return tuple((count, None if term is None else term.as_data()) for term, count in summed)


def _room(request: Request, ruling: Ruling) -> str:
    """Return where the rule sends the card. One that stands already stays where it is."""
    return ruling.channel if request.version == 0 else ""


def _subscription(case: Case, reading: Reading, offer: Offer) -> tuple[str, ...]:
    held = reading.holding(offer.id)
    return ("subscription",) if case.request.action is Action.REVOKE and held is not None and held.paying else ()


def signature(case: Case, reading: Reading, offer: Offer, moves: Moves) -> str:
    """Return the fingerprint of a request in the world as it was read."""
    request = case.request
    return fingerprint(
        action=request.action,
        reading=reading,
        offer=offer,
        welcome_email=request.welcome_email,
        creates_contact=request.creates_contact,
        term=request.term,
        moves=moves,
        ids=case.main.ids,
    )

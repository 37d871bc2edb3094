"""Builds what approvers are shown, from a reading of the world and from who may decide."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.authority import Authority
from bot.domain.errors import RefusedByRule, RuledOut
from bot.domain.preview import Preview, digest, fingerprint
from bot.domain.request import Action, Case, ChangeState, Contact, Offer, Reading, Request
from bot.ports import People, Provider, Store

#: how far back a requester's other requests are counted
ASKED_DAYS, DAY = 30, 86_400.0
#: requests named that gave the customer something before
NAMED = 3


@dataclass(frozen=True, slots=True)
class Previews:
    """One preview for a new request, and another one when the world has changed since."""

    store: Store
    authority: Authority
    people: People
    providers: Mapping[str, Provider]

    async def of(self, case: Case, reading: Reading, offer: Offer) -> tuple[Preview, str]:
        """Return the preview and the fingerprint that its approval will sign; raise `RuledOut`."""
        request = case.request
        ruling = await self.authority.ruling(replace(case, request=replace(request, offer=offer)))
        if ruling.refusal is not None:
            raise RuledOut(ruling.refusal.words if isinstance(ruling.refusal, RefusedByRule) else "")
        terms = ruling.terms
        deciders = await self.authority.deciders(terms.named) - request.askers
        contact = replace(reading.contact or case.main.contact, ref=case.main.contact.ref)
        given = await self._given(request, contact)
        creates = request.creates_contact and reading.contact is None
        preview = Preview(
            holdings=reading.holdings,
            creates_contact=creates,
            name_digest=digest(case.main.contact.name) if creates else "",
            effects=self.providers[request.provider].effects(
                request.action, replace(reading, offer=offer), welcome_email=request.welcome_email
            ),
            rivals=tuple(await self.store.rivals(contact, offer.id, but=request.id)),
            approvers=terms.approvers,
            rule=ruling.rule,
            policy=self.authority.policy.digest,
            quorum=terms.quorum,
            one_from_each=terms.one_from_each,
            expiry=terms.expiry,
            reminders=terms.reminders,
            escalate_to=terms.escalate_to,
            escalate_after=terms.escalate_after,
            dangers=(*_subscription(case, reading, offer), *ruling.dangers),
            earlier=tuple(one.request.id for one in given[:NAMED]),
            given=len(given),
            asked=await self._asked(request),
            outside=tuple(sorted(await self.people.outside(request.channel, deciders))),
        )
        return preview, signature(case, reading, offer)

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


def _subscription(case: Case, reading: Reading, offer: Offer) -> tuple[str, ...]:
    held = reading.holding(offer.id)
    return ("subscription",) if case.request.action is Action.REVOKE and held is not None and held.paying else ()


def signature(case: Case, reading: Reading, offer: Offer) -> str:
    """Return the fingerprint of a request in the world as it was read."""
    request = case.request
    return fingerprint(
        action=request.action,
        reading=reading,
        offer=offer,
        welcome_email=request.welcome_email,
        creates_contact=request.creates_contact,
    )

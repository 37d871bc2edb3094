"""Builds what approvers are shown, from a reading of the world and from who may decide."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.authority import Authority
from bot.domain.errors import RefusedByRule, RuledOut
from bot.domain.preview import Preview, digest, fingerprint
from bot.domain.request import Case, Offer, Reading
from bot.ports import People, Provider, Store


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
        deciders = await self.authority.deciders(terms.named) - {request.requester.id}
        contact = replace(reading.contact or case.main.contact, ref=case.main.contact.ref)
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
            reminder=terms.reminder,
            outside=tuple(sorted(await self.people.outside(request.channel, deciders))),
        )
        return preview, signature(case, reading, offer)


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

"""What will happen, before anybody approves it, and the fingerprint that an approval signs."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from bot.domain.errors import AlreadyHeld, IdsNeeded, NotHeld, OfferGone
from bot.domain.request import Action, Holding, Offer, Reading
from bot.domain.term import Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What approvers are shown. It is stored with the request, so it holds no address and no customer's name."""

    #: all the contact has or had
    holdings: tuple[Holding, ...] = ()
    creates_contact: bool = False
    #: a digest of the name that a contact is created under: it is approved, and is not stored here
    name_digest: str = ""
    #: what else will or may happen, in the provider's own careful sentences
    effects: tuple[str, ...] = ()
    #: other open requests for the same customer and offer
    rivals: tuple[str, ...] = ()
    #: of a grant: the end planned for the same customer and offer, which it moves (its id and date); empty: none
    moves: tuple[str, float] | tuple[()] = ()
    #: Slack ids of the people and user groups who may decide, and the rule that chose them
    approvers: tuple[str, ...] = ()
    rule: str = ""
    #: the content of the policy that said so
    policy: str = ""
    #: the other terms of the decision, see `policy.Terms`
    quorum: int = 1
    one_from_each: tuple[str, ...] = ()
    expiry: float | None = None
    reminders: tuple[float, ...] = ()
    escalate_to: tuple[str, ...] = ()
    escalate_after: float | None = None
    #: when that is, counted from when it was shown, and when it was escalated
    remind_at: tuple[float, ...] = ()
    escalate_at: float | None = None
    escalated: float | None = None
    #: what to beware of: `subscription`, or a danger that the policy names (see `policy.Ruling`)
    dangers: tuple[str, ...] = ()
    #: requests that gave the customer something before, the newest ones, and how many there are
    earlier: tuple[str, ...] = ()
    given: int = 0
    #: how many other requests the requester made lately, by state; None: an older release did not count
    asked: Mapping[str, int] | None = None
    #: those of them who would not see the card where it is posted, and are asked directly
    outside: tuple[str, ...] = ()
    #: where the card goes, if the rule says so
    channel: str = ""
    #: of each of these lists another person has to approve as well, see `policy.Terms`
    additions: tuple[tuple[str, ...], ...] = ()
    #: whether the policy approves it by itself, see `policy.Automatic`; None: the rule does not
    automatic: Mapping[str, Any] | None = None
    #: how the budgets stand that it is paid from, see `policy.Account`
    budgets: tuple[Mapping[str, Any], ...] = ()
    #: of a list: how many rows were found to be what (see `Change.plan`), the list price of all that is to be done, and
    #: for how many customers each of the effects is said
    rows: Mapping[str, int] = field(default_factory=dict)
    value: int | None = None
    effect_counts: Mapping[str, int] = field(default_factory=dict)
    #: of a list: for how many rows which time limit holds (see `Term.as_data`; None: none), and how many have a reason
    #: of their own
    terms: tuple[tuple[int, Mapping[str, Any] | None], ...] = ()
    reasons: int = 0

    def as_data(self) -> dict[str, Any]:
        """Turn it into what JSON can hold."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read it back; what an older release did not store is empty."""
        return cls(
            holdings=tuple(
                Holding(**{**one, "purchases": tuple(one["purchases"]), "details": tuple(one.get("details", ()))})
                for one in data.get("holdings", ())
            ),
            creates_contact=data.get("creates_contact", False),
            name_digest=data.get("name_digest", ""),
            effects=tuple(data.get("effects", ())),
            rivals=tuple(data.get("rivals", ())),
            moves=tuple(data.get("moves", ())),
            approvers=tuple(data.get("approvers", ())),
            rule=data.get("rule", ""),
            policy=data.get("policy", ""),
            quorum=data.get("quorum", 1),
            one_from_each=tuple(data.get("one_from_each", ())),
            expiry=data.get("expiry"),
            reminders=tuple(data.get("reminders", ())),
            escalate_to=tuple(data.get("escalate_to", ())),
            escalate_after=data.get("escalate_after"),
            remind_at=tuple(data.get("remind_at", ())),
            escalate_at=data.get("escalate_at"),
            escalated=data.get("escalated"),
            dangers=tuple(data.get("dangers", ())),
            earlier=tuple(data.get("earlier", ())),
            given=data.get("given", 0),
            asked=data.get("asked"),
            outside=tuple(data.get("outside", ())),
            channel=data.get("channel", ""),
            additions=tuple(map(tuple, data.get("additions", ()))),
            automatic=data.get("automatic"),
            budgets=tuple(data.get("budgets", ())),
            rows=data.get("rows", {}),
            value=data.get("value"),
            effect_counts=data.get("effect_counts", {}),
            terms=tuple((count, term) for count, term in data.get("terms", ())),
            reasons=data.get("reasons", 0),
        )


def digest(name: str) -> str:
    """Return what tells one name from another without keeping it."""
    return hashlib.sha256(name.strip().encode()).hexdigest()[:16]


def fingerprint(
    *,
    action: Action,
    reading: Reading,
    offer: Offer,
    welcome_email: bool,
    creates_contact: bool = False,
    term: Term | None = None,
    moves: Sequence[str | float] = (),
    ids: Sequence[str] = (),
) -> str:
    """Hash all that an approver relies on. Two readings with the same fingerprint would be approved alike.

    A contact that the request itself creates has no id yet when it is approved, so its id does not count.
    """
    contact = reading.contact
    held = reading.holding(offer.id)
    signed: dict[str, Any] = {
        "action": action.value,
        "offer": [offer.provider, offer.id, offer.title, offer.price, offer.currency, offer.recurring],
        "contact": None if creates_contact or contact is None else contact.id,
        "held": None if held is None else [held.granted, sorted(held.purchases), held.paying, *held.details],
        "welcome_email": welcome_email,
    }
    if term is not None:
        signed["term"] = term.as_data()
    if moves:
        signed["moves"] = list(moves)
    if ids:
        signed["ids"] = list(ids)
    return hashlib.sha256(json.dumps(signed, sort_keys=True).encode()).hexdigest()


def already_so(action: Action, reading: Reading, offer_id: str, *, part: bool = False) -> bool:
    """Whether the world is as the action would make it, as far as the provider tells.

    `part`: the action gives no more than a part, or leaves one.
    """
    if action is Action.CREATE:
        return reading.contact is not None
    held = reading.holding(offer_id)
    if action is Action.GRANT:
        return held is not None and (part or not held.partly)
    return (held is None or (part and held.partly)) and offer_id not in reading.untold


def refuse_pointless(
    action: Action,
    reading: Reading,
    known: Offer,
    *,
    extends: bool = False,
    ids: Sequence[str] = (),
    part: bool = False,
) -> Offer:
    """Return the offer as it is now, or raise why asking for this makes no sense.

    What a customer holds can be revoked also when its offer can no longer be read: then it is as last known. What is
    held for a time alone can be granted once more: that `extends` it. `part`: see `already_so`.
    """
    offer = reading.offer
    if action is Action.GRANT and (offer is None or not offer.listed):
        raise OfferGone
    if already_so(action, reading, known.id, part=part) and not extends:
        raise AlreadyHeld(reading.holding(known.id)) if action is Action.GRANT else NotHeld
    if action is Action.REVOKE and known.id in reading.unnamed and not ids:
        raise IdsNeeded
    return offer or known


def what_changed(before: Offer, after: Offer) -> tuple[str, ...]:
    """Name the fields of an offer that an approver has not seen as they are now."""
    return tuple(
        name for name in ("title", "price", "currency", "recurring") if getattr(before, name) != getattr(after, name)
    )

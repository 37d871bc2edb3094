"""A loyalty program beside Kajabi: what is in it, what its books say, and whether that agrees with what was told."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.capillary import Kind
from bot.sandbox.kajabi.books import Footprint

#: of two types: two steps, or one; there is always room for another issue, so that a second one would show
TWO_STEPS, ONE_STEP = "Double Miles", "Lounge Pass"
ROOM = 20
#: who had it taken back once, of a promotion that nobody gets twice
LIMITED, USED_UP = "Welcome Drink", "sam@example.com"
#: which step makes an action true
DECISIVE = {"EARN": "grant", "REVOKE_EARN": "revoke", "REVOKE_ENROL": "revoke"}
ACTIONS = DECISIVE | {"ENROL": "grant"}
RECEIPT = re.compile(r"(issued|revoked) ([\d, ]+)")
#: which leave something that is neither done nor undone
IN_PART = ("InPart", "SettledAsNotDone")


@dataclass(frozen=True)
class Rewards:
    """What Capillary knows when everything has come to rest."""

    #: how often each (step, customer, promotion) was asked for, and how often it changed something
    writes: Counter[Footprint]
    effects: Counter[Footprint]
    #: by customer and promotion: the ids of all that was ever issued, and of what was revoked of it
    issued: dict[tuple[str, str], list[str]]
    revoked: dict[tuple[str, str], list[str]]
    #: who has something issued, or is enrolled
    held: frozenset[tuple[str, str]]
    enrolled: frozenset[tuple[str, str]]
    titles: dict[str, str]
    two_steps: frozenset[str]

    def decisive(self, counted: Counter[Footprint]) -> Counter[Footprint]:
        """Count what makes a grant or a revoke true, as grants and revokes."""
        found: Counter[Footprint] = Counter()
        for (step, customer, promotion), times in counted.items():
            last = step != "REVOKE_EARN" or promotion not in self.two_steps
            if step in DECISIVE and last:
                found[DECISIVE[step], customer, promotion] += times
        return found


def furnished(capillary, *, addresses=()):
    """A program of a few promotions, for these customers."""
    capillary.add_program("Miles")
    capillary.add_promotion(TWO_STEPS, issues=ROOM, enrolments=ROOM)
    capillary.add_promotion(ONE_STEP, Kind.DIRECT, issues=ROOM)
    capillary.add_promotion(LIMITED, Kind.DIRECT, issues=1)
    for number, address in enumerate(addresses):
        first, _, last = address.partition("@")[0].partition(".")
        capillary.add_customer(first.title(), last.title() or f"No. {number}", email=address)


def promotion(capillary, title):
    return next(one for one in capillary.books.promotions.values() if one.name == title)


def rewards(capillary) -> Rewards:
    """Read Capillary's own books."""
    books = capillary.books
    issued, revoked, enrolled = defaultdict(list), defaultdict(list), set()
    for customer in books.customers.values():
        for made in books.promotions.values():
            target = str(customer.id), str(made.id)
            every = [issue for one in books.of(customer, made) for issue in one.issues]
            issued[target] = [str(one.id) for one in every]
            revoked[target] = [str(one.id) for one in every if one.revoked]
            if made.kind is Kind.ENROL_AND_ISSUE and books.enrolment(customer, made) is not None:
                enrolled.add(target)
    return Rewards(
        writes=_named(capillary.writes),
        effects=_named(capillary.effects),
        issued=dict(issued),
        revoked=dict(revoked),
        held=frozenset(target for target, ids in issued.items() if len(ids) > len(revoked[target])),
        enrolled=frozenset(enrolled),
        titles={str(one.id): one.name for one in books.promotions.values()},
        two_steps=frozenset(str(one.id) for one in books.promotions.values() if one.kind is Kind.ENROL_AND_ISSUE),
    )


def disagreements(evidence) -> Iterator[str]:
    """Each grant is one thing issued, by its id; each id that was told is so; no step was taken that was not sent."""
    found = evidence.rewards
    if found is None:
        return
    sent = Counter[Footprint]()
    for one in (row["data"] for row in evidence.events if row["name"] in {"change.sent", "change.resent"}):
        sent[one["action"], one["contact"], one["offer"]] += 1
    for (step, *target), times in found.writes.items():
        if times > sent[ACTIONS[step], target[0], target[1]]:
            yield f"{step} of {found.titles[target[1]]} for {target[0]} was asked for {times} times, and sent less"
    told = _told(evidence)
    for target, ids in found.issued.items():
        given = sum(number for _, number in told["grant", target])
        new = len(ids) - evidence.issued_before.get(target, 0)
        if new != given:
            yield f"{found.titles[target[1]]} was issued {new} times to {target[0]}, and {given} times by what was told"
        named = {what: [one for receipt, _ in told[what, target] for one in receipt] for what in ("grant", "revoke")}
        for action, known in (("grant", ids), ("revoke", found.revoked[target])):
            if len(set(named[action])) < len(named[action]) or not set(named[action]) <= set(known):
                yield f"the receipts of each {action} for {target[0]} name {named[action]}, Capillary knows {known}"
        gone = evidence.last_of(target)
        ended = gone is not None and (gone["action"], gone["state"]) == ("revoke", "succeeded")
        if ended and target in found.enrolled:
            yield f"{target[0]} is told to have lost {found.titles[target[1]]}, and is enrolled in it"


def is_in_part(change) -> bool:
    """Whether a change ended with something done that is not all of it."""
    ended = change["provider"] == "capillary" and change["state"] == "failed"
    return ended and change["error"].startswith(IN_PART)


def _told(evidence):
    """What succeeded, by action and target: the ids in its receipt, and one each."""
    found = defaultdict(list)
    for one in evidence.changes:
        if one["provider"] == "capillary" and one["state"] == "succeeded":
            ids = [number for _, told in RECEIPT.findall(one["receipt"]) for number in re.findall(r"\d+", told)]
            found[one["action"], (one["contact_id"], one["offer_id"])].append((ids, 1))
    return found


def _named(counted) -> Counter[Footprint]:
    return Counter({(step, str(one), str(other)): times for (step, one, other), times in counted.items()})

"""What is asked for while all goes wrong: grants and revokes, for a time, for several, at Kajabi and Capillary."""

import random
from dataclasses import dataclass

from bot.sandbox.town import furnish
from tests.faults import rewards

#: what is done about a request that waits for a decision; as often as it stands here
INTENTIONS = (
    *("approve",) * 6,
    *("clicks_twice",) * 3,
    *("both_approve",) * 3,
    *("mentions",) * 2,
    *("deny",) * 2,
    *("approve_against_deny",) * 2,
    *("approve_against_cancel",) * 2,
    "cancel",
    "only_the_wrong_people",
)
#: every fifth request is about one of so few customers
EVERY, CROWDED = 5, 8
#: of twenty requests: these are for several customers, at Capillary, both, or for a time
SEVERAL, LOYAL, TIMED = frozenset({3, 13}), frozenset({7, 13, 17}), frozenset({9, 19})
MEMBERS = 3
OFFERS = ("Everything Bundle", "Sourdough Deep Dive", "Gluten-free Kitchen", "Open a Bakery")
PROMOTIONS = (rewards.TWO_STEPS, rewards.ONE_STEP)
ASKS = ("Ada", "Olga")


@dataclass(frozen=True)
class Errand:
    """One request that somebody makes, and what the approvers do about it."""

    number: int
    requester: str
    action: str
    addresses: tuple[str, ...]
    offer: str
    intention: str
    #: at Capillary, not at Kajabi
    loyal: bool = False
    #: for thirty days, which will pass
    timed: bool = False
    #: the grant of which this is the end
    grant: str = ""

    @property
    def reason(self):
        return f"case {self.number:04}"

    @property
    def command(self):
        about = f"bulk {self.action}" if self.listed else f"{self.action} {self.addresses[0]}"
        where, long = " on capillary" if self.loyal else "", " for 30d" if self.timed else ""
        return f"/offer {about} {self.offer}{long}{where} because {self.reason}"

    @property
    def listed(self):
        return len(self.addresses) > 1

    @property
    def fields(self):
        """What is typed into the form besides."""
        return {"customer": " ".join(self.addresses)} if self.listed else {}


def planned_errands(count, *, seed):
    chance = random.Random(seed)
    return [_errand(number, chance) for number in range(count)]


def _errand(number, chance):
    kind = number % 20
    loyal, timed = kind in LOYAL, kind in TIMED
    action = chance.choice(("grant", "grant", "revoke"))
    crowded = number % EVERY == 0
    some = [address(10_000 + number * MEMBERS + one) for one in range(MEMBERS)]
    offers = PROMOTIONS if loyal else OFFERS
    return Errand(
        number,
        chance.choice(ASKS),
        "grant" if timed else action,
        tuple(some) if kind in SEVERAL else (address(number % CROWDED if crowded else number),),
        OFFERS[0] if crowded else offers[number // 2 % len(offers)],
        chance.choice(INTENTIONS),
        loyal=loyal,
        timed=timed,
    )


def address(number):
    return f"customer.{number:05}@example.com"


def school_for(errands):
    """Who is to lose something at Kajabi has it."""
    mine = [errand for errand in errands if not errand.loyal]

    def furnished(kajabi):
        furnish(kajabi)
        offers = {offer.title: offer for offer in kajabi.books.offers.values()}
        for one in sorted({one for errand in mine for one in errand.addresses}):
            kajabi.add_contact(one, f"Customer {one[9:14]}")
        for errand in mine:
            for one in errand.addresses if errand.action == "revoke" else ():
                kajabi.grant(one, offers[errand.offer])

    return furnished


def program_for(errands):
    """The same at Capillary."""
    mine = [errand for errand in errands if errand.loyal]

    def furnished(capillary):
        rewards.furnished(capillary, addresses=[one for errand in mine for one in errand.addresses])
        for errand in mine:
            for one in errand.addresses if errand.action == "revoke" else ():
                capillary.issue(one, rewards.promotion(capillary, errand.offer))

    return furnished

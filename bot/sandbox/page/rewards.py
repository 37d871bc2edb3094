"""What Capillary holds from the start: the loyalty program of the school, with a little history, or nothing."""

from bot.sandbox.capillary import Kind, LocalCapillary
from bot.sandbox.capillary.account import DAY
from bot.sandbox.town import CUSTOMERS

PROGRAM = "Crumb & Crust Rewards"
GENERIC, DIRECT, BOTH = Kind.GENERIC, Kind.DIRECT, Kind.ENROL_AND_ISSUE

#: name, type, what it gives, issues per customer
PROMOTIONS: tuple[tuple[str, Kind, str, int], ...] = (
    ("Birthday Cake", DIRECT, "A free cake mix in the birthday month", 1),
    ("Bring a Friend", DIRECT, "20 % off the next order for each friend who joins", 10),
    ("Late Parcel Apology", DIRECT, "10.00 off the next order", 5),
    ("Refund Goodwill", DIRECT, "25.00 off the next order", 3),
    ("Free Shipping", DIRECT, "No shipping costs for one order", 12),
    ("Bakers’ Dozen", BOTH, "Buy twelve, get the thirteenth free", 4),
    ("Sourdough Challenge", BOTH, "Bake along for four weeks for a proofing basket", 2),
    ("Gold Tier Preview", BOTH, "All gold benefits for 30 days", 2),
    ("Holiday Hamper", BOTH, "A hamper with the third holiday order", 1),
    ("Points Weekend", GENERIC, "Double points on Saturdays and Sundays", 1),
    ("Welcome Points", GENERIC, "50 points with the first order", 1),
    ("Member Prices", GENERIC, "5 % off flour and grains", 1),
)
#: over since last winter
ENDED = ("Winter Warmers", BOTH, "Hot chocolate with two orders", 1)
#: customer, promotion, days ago, how often it was redeemed
ISSUED = (
    ("sam@example.com", "Bring a Friend", 21, 1),
    ("sam@example.com", "Bring a Friend", 3, 0),
    ("mia.chen@example.com", "Bakers’ Dozen", 12, 0),
    ("lena@example.org", "Free Shipping", 8, 0),
    ("kofi@example.org", "Gold Tier Preview", 5, 0),
)
ENROLLED = (("jane@example.com", "Sourdough Challenge"), ("yuki@example.net", "Bakers’ Dozen"))


def furnish_rewards(capillary: LocalCapillary) -> None:
    """A dozen promotions of the three types and one that is over, the people of the town, and what they have."""
    capillary.add_program(PROGRAM, description="For everybody who bakes with us")
    promotions = {
        name: capillary.add_promotion(name, kind, description=gives, issues=issues, enrolments=10)
        for name, kind, gives, issues in PROMOTIONS
    }
    name, kind, gives, issues = ENDED
    capillary.add_promotion(name, kind, description=gives, issues=issues, starts=-300 * DAY, ends=-240 * DAY)
    promotions["Gold Tier Preview"].lasts = 30 * DAY
    for number, (address, person) in enumerate(CUSTOMERS, start=1):
        first, _, last = person.partition(" ")
        mobile, external = f"44770090{number:04}", f"CC-{1000 + number}"
        capillary.add_customer(first, last, mobile=mobile, email=address, external_id=external)
    for address, promotion, days, redeemed in ISSUED:
        issue = capillary.issue(address, promotions[promotion])
        issue.at -= days * DAY
        issue.redeemed = redeemed
    for address, promotion in ENROLLED:
        capillary.enrol(address, promotions[promotion])


def furnish_no_rewards(capillary: LocalCapillary) -> None:
    """A new program: nothing in it."""
    capillary.add_program("New Rewards")

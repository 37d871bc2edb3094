"""The people, channels, customers and offers that the sandbox starts with."""

from collections.abc import Callable
from dataclasses import dataclass
from time import time

from bot.sandbox.actors import Person
from bot.sandbox.kajabi import LocalKajabi
from bot.sandbox.model import Json
from bot.sandbox.workspace import Workspace

SUPPORT, ALERTS = "C0SUPPORT", "C0ALERTS"
APPROVERS, ADMIN = "S0APPROVERS", "U0OLGA"
#: groups and a channel of which the sandbox's policy speaks as well
SUPPORTERS, FINANCE, FINANCE_CHANNEL = "S0SUPPORT", "S0FINANCE", "C0FINANCE"

#: title, internal title, price in cents, paid again and again, what is in it
OFFERS: tuple[tuple[str, str, int, bool, tuple[str, ...]], ...] = (
    ("Everything Bundle", "bundle-2026", 19900, False, ("Bread from Scratch", "Sourdough Deep Dive", "Pastry Basics")),
    ("Bread from Scratch", "bread-101", 4900, False, ("Bread from Scratch",)),
    ("Sourdough Deep Dive", "sourdough", 7900, False, ("Sourdough Deep Dive",)),
    ("Pastry Basics", "pastry-101", 5900, False, ("Pastry Basics",)),
    ("Holiday Baking", "holiday-2026", 3900, False, ("Holiday Baking",)),
    ("Bakers’ Circle", "circle-monthly", 1500, True, ("Community", "Monthly Live Class")),
    ("Twelve Months of Baking", "yearly", 15000, True, ("Community", "Monthly Live Class")),
    ("Baking with Kids", "kids", 2900, False, ("Baking with Kids",)),
    ("Gluten-free Kitchen", "gluten-free", 6900, False, ("Gluten-free Kitchen",)),
    ("Open a Bakery", "business", 49900, False, ("Open a Bakery", "Templates")),
    ("Open a Bakery, in 3 payments", "business-3x", 17900, True, ("Open a Bakery", "Templates")),
    ("Welcome Mini-Course", "freebie", 0, False, ("Welcome Mini-Course",)),
)

CUSTOMERS: tuple[tuple[str, str], ...] = (
    ("jane@example.com", "Jane Doe"),
    ("sam@example.com", "Sam Rivers"),
    ("mia.chen@example.com", "Mia Chen"),
    ("omar+baking@example.com", "Omar Haddad"),
    ("lena@example.org", "Lena Fischer"),
    ("tariq@example.net", "Tariq Aziz"),
    ("noor@example.com", "Noor de Vries"),
    ("kofi@example.org", "Kofi Mensah"),
    ("yuki@example.net", "Yuki Tanaka"),
    ("ines@example.com", "Inês Duarte"),
)


@dataclass(frozen=True, slots=True)
class Town:
    """Everybody the stories are about."""

    workspace: Workspace
    ada: Person
    grace: Person
    linus: Person
    mallory: Person
    olga: Person

    @property
    def everybody(self) -> tuple[Person, ...]:
        return self.ada, self.grace, self.linus, self.mallory, self.olga


def settle(manifest: Json, *, clock: Callable[[], float] = time) -> Town:
    """Ada of support asks, Grace and Linus may approve, Mallory may not, Olga is the admin."""
    world = Workspace(manifest, clock=clock)
    ada = world.add_person("Ada", id="U0ADA", real_name="Ada Byron", tz="Europe/London")
    grace = world.add_person("Grace", id="U0GRACE", real_name="Grace Hopper", tz="America/New_York")
    linus = world.add_person("Linus", id="U0LINUS", real_name="Linus Brandt", tz="Europe/Helsinki")
    mallory = world.add_person("Mallory", id="U0MALLORY", real_name="Mallory Finch", tz="Europe/London")
    olga = world.add_person("Olga", id=ADMIN, real_name="Olga Petrova", tz="Europe/Berlin", admin=True)
    world.add_channel("support", id=SUPPORT, members=["Ada", "Grace", "Mallory", "Olga"])
    world.add_channel("alerts", id=ALERTS, members=["Olga", "Grace"])
    world.add_group("offer-approvers", id=APPROVERS, members=["Grace", "Linus"])
    return Town(world, ada, grace, linus, mallory, olga)


def organise(town: Town) -> None:
    """Add what a larger company has: groups for who may ask and for who minds the money, and a channel for the dear."""
    town.workspace.add_group("support-team", id=SUPPORTERS, members=["Ada", "Grace", "Mallory"])
    town.workspace.add_group("finance", id=FINANCE, members=["Olga"])
    town.workspace.add_channel("finance", id=FINANCE_CHANNEL, members=["Ada", "Grace", "Linus", "Olga"])


def furnish(kajabi: LocalKajabi) -> None:
    """Open a baking school: a dozen offers, some customers, and what they have so far."""
    kajabi.add_site("Crumb & Crust Academy", subdomain="crumb")
    products = {title: kajabi.add_product(title) for offer in OFFERS for title in offer[4]}
    for title, internal, price, recurring, contents in OFFERS:
        kajabi.add_offer(
            title=title,
            internal_title=internal,
            price_in_cents=price,
            recurring=recurring,
            subscription=recurring,
            products=[products[content] for content in contents],
        )
    for address, name in CUSTOMERS:
        kajabi.add_contact(address, name)
    offers = {offer.title: offer for offer in kajabi.books.offers.values()}
    kajabi.grant("jane@example.com", offers["Welcome Mini-Course"])
    kajabi.grant("mia.chen@example.com", offers["Pastry Basics"])
    kajabi.purchase("sam@example.com", offers["Bakers’ Circle"], payment_type="subscription")
    kajabi.purchase("lena@example.org", offers["Bread from Scratch"], payment_type="single")

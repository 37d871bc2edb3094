"""What Kajabi holds from the start: a school with fifty customers and a little history, or nothing."""

from collections.abc import Iterator

from bot.sandbox.kajabi import LocalKajabi, Purchase
from bot.sandbox.remote.answers import timestamp
from bot.sandbox.town import furnish

DAY = 86_400.0

#: name, and the domain of the address; the ten of the town come before them
MORE_CUSTOMERS: tuple[tuple[str, str], ...] = (
    ("Aaliyah Brooks", "example.com"),
    ("Agnes Lindqvist", "example.org"),
    ("Ben Okafor", "example.net"),
    ("Bianca Rossi", "example.com"),
    ("Camille Laurent", "example.org"),
    ("Carlos Mendoza", "example.com"),
    ("Chloe Whitaker", "example.net"),
    ("Daan Visser", "example.org"),
    ("Daria Kowalska", "example.com"),
    ("Elif Demir", "example.net"),
    ("Emil Sørensen", "example.org"),
    ("Fatima Zahra", "example.com"),
    ("Finn Gallagher", "example.net"),
    ("Gabriela Costa", "example.com"),
    ("Hana Novak", "example.org"),
    ("Harriet Cole", "example.com"),
    ("Hugo Martin", "example.net"),
    ("Imani Walker", "example.com"),
    ("Ivan Petrov", "example.org"),
    ("Jonas Weber", "example.net"),
    ("Julia Santos", "example.com"),
    ("Kaito Mori", "example.org"),
    ("Katja Horvat", "example.com"),
    ("Leila Rahimi", "example.net"),
    ("Liam O’Connor", "example.com"),
    ("Luca Bianchi", "example.org"),
    ("Maja Nilsson", "example.net"),
    ("Marco Silva", "example.com"),
    ("Nadia Haddad", "example.org"),
    ("Nina Bauer", "example.com"),
    ("Oscar Lundgren", "example.net"),
    ("Paula Jiménez", "example.com"),
    ("Priya Raman", "example.org"),
    ("Quentin Dubois", "example.net"),
    ("Rosa Delgado", "example.com"),
    ("Samuel Adeyemi", "example.org"),
    ("Sofia Papadaki", "example.com"),
    ("Thandi Nkosi", "example.net"),
    ("Viktor Larsen", "example.com"),
    ("Wanda Schmidt", "example.org"),
)

#: position in the list above, internal title, days ago; a price paid, or given for nothing
BOUGHT = ((0, "bread-101", 212), (2, "sourdough", 180), (3, "bundle-2026", 41), (6, "pastry-101", 160))
MORE_BOUGHT = ((9, "business", 96), (14, "gluten-free", 73), (21, "holiday-2026", 28), (26, "kids", 12))
SUBSCRIBED = ((1, "circle-monthly", 250), (5, "yearly", 140), (11, "circle-monthly", 90), (30, "business-3x", 33))
GIVEN = ((4, "freebie"), (7, "freebie"), (8, "kids"), (12, "bread-101"), (17, "freebie"), (23, "holiday-2026"))
#: bought, and taken back since: position, internal title, days ago, days ago, why
TAKEN_BACK = (
    (10, "sourdough", 120, 101, "Refunded"),
    (19, "circle-monthly", 300, 64, "Subscription canceled"),
    (33, "pastry-101", 45, 44, "Payment disputed"),
)


def furnish_school(kajabi: LocalKajabi) -> None:
    """The dozen offers of the town, its customers and forty more, and what they bought over the last year."""
    furnish(kajabi)
    addresses = [f"{_letters(name)}@{domain}" for name, domain in MORE_CUSTOMERS]
    for address, (name, _) in zip(addresses, MORE_CUSTOMERS, strict=True):
        kajabi.add_contact(address, name).created_at -= 320 * DAY
    offers = {offer.internal_title: offer for offer in kajabi.books.offers.values()}
    for position, offer, days in (*BOUGHT, *MORE_BOUGHT, *SUBSCRIBED):
        _date_back(kajabi, kajabi.purchase(addresses[position], offers[offer]), days)
    for position, offer in GIVEN:
        kajabi.grant(addresses[position], offers[offer])
    for position, offer, days, ended, why in TAKEN_BACK:
        end = timestamp(kajabi.clock() - ended * DAY)
        _date_back(kajabi, kajabi.purchase(addresses[position], offers[offer], deactivated_at=end, reason=why), days)


def furnish_nothing(kajabi: LocalKajabi) -> None:
    """A new account: one site, nothing in it."""
    kajabi.add_site("New Academy", subdomain="new")


def _date_back(kajabi: LocalKajabi, purchase: Purchase, days: int) -> None:
    purchase.created_at = kajabi.clock() - days * DAY
    purchase.effective_start_at = timestamp(purchase.created_at)


def _letters(name: str) -> str:
    plain = name.casefold().translate(str.maketrans("øéóá", "oeoa"))
    return ".".join("".join(_ascii(word)) for word in plain.split())


def _ascii(word: str) -> Iterator[str]:
    return (sign for sign in word if sign.isascii() and sign.isalpha())

"""Reading `--seed FILE`: offers, customers and who holds what, in TOML or JSON.

site = "My Academy"

[[offers]]
title = "Bread from Scratch"          # needed; the rest may be left out
internal_title = "bread-101"
price_in_cents = 4900
currency = "USD"
recurring = false
archived = false
products = ["Bread from Scratch"]

[[customers]]
email = "jane@example.com"
name = "Jane Doe"

[[holdings]]
customer = "jane@example.com"
offer = "bread-101"                   # internal title, or title
how = "granted"                       # or "bought"
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox.kajabi import LocalKajabi, Offer
from bot.sandbox.model import Json

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
CURRENCY = re.compile(r"[A-Z]{3}")
SITE = "Academy"
#: what an entry may say, and what its value must be
KNOWN: Mapping[str, Mapping[str, str]] = {
    "offers": {
        "title": "text",
        "internal_title": "text",
        "price_in_cents": "number",
        "currency": "text",
        "recurring": "flag",
        "archived": "flag",
        "products": "texts",
    },
    "customers": {"email": "text", "name": "text"},
    "holdings": {"customer": "text", "offer": "text", "how": "text"},
}
NEEDED = {"offers": ("title",), "customers": ("email",), "holdings": ("customer", "offer")}
WORDS = {
    "text": "a text",
    "number": "a whole number from 0 on",
    "flag": "true or false",
    "texts": "a list of texts",
}


class BadSeed(Exception):
    """The file cannot be used; the message names the entry and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Seed:
    """What a file says, known to be right."""

    site: str
    offers: tuple[Json, ...]
    customers: tuple[Json, ...]
    holdings: tuple[Json, ...]

    def __call__(self, kajabi: LocalKajabi) -> None:
        """Put it into an empty account."""
        kajabi.add_site(self.site)
        products: dict[str, Any] = {}
        offers: dict[str, Offer] = {}
        for entry in self.offers:
            contents = entry.get("products", [entry["title"]])
            for title in contents:
                products.setdefault(title, kajabi.add_product(title))
            traits = {name: value for name, value in entry.items() if name != "products"}
            recurring = entry.get("recurring", False)
            offer = kajabi.add_offer(**traits, subscription=recurring, products=[products[one] for one in contents])
            offers |= dict.fromkeys(names_of(entry), offer)
        for entry in self.customers:
            kajabi.add_contact(entry["email"], entry.get("name", ""))
        for entry in self.holdings:
            give = kajabi.purchase if entry.get("how") == "bought" else kajabi.grant
            give(entry["customer"], offers[entry["offer"]])


def read_seed(path: Path) -> Seed:
    """Raises `BadSeed`."""
    try:
        content = path.read_text(encoding="utf-8")
        parse: Callable[[str], Any] = tomllib.loads if path.suffix == ".toml" else json.loads
        document = parse(content)
    except OSError as error:
        raise BadSeed(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:  # of both parsers, and of bytes that are no text
        kind = "TOML" if path.suffix == ".toml" else "JSON"
        raise BadSeed(f"{path} is not {kind}: {error}.") from None
    try:
        return seed_of(document)
    except BadSeed as problem:
        raise BadSeed(f"{path}: {problem}") from None


def seed_of(document: Any) -> Seed:
    """Raises `BadSeed`."""
    if not isinstance(document, dict):
        raise BadSeed("there must be an object with offers, customers and holdings.")
    unknown = [name for name in document if name not in (*KNOWN, "site")]
    if unknown:
        raise BadSeed(f"“{unknown[0]}” is not known; there are site, {', '.join(KNOWN)}.")
    site = document.get("site", SITE)
    if not isinstance(site, str) or not site.strip():
        raise BadSeed("“site” must be a text.")
    read = {kind: tuple(_entries(kind, document.get(kind, []))) for kind in KNOWN}
    _check_offers(read["offers"])
    _check_customers(read["customers"])
    _check_holdings(read["holdings"], offers=read["offers"], customers=read["customers"])
    return Seed(site.strip(), read["offers"], read["customers"], read["holdings"])


def names_of(offer: Json) -> set[str]:
    return {offer["title"], offer.get("internal_title", offer["title"])}


def _entries(kind: str, given: Any) -> list[Json]:
    if not isinstance(given, list):
        raise BadSeed(f"“{kind}” must be a list.")
    for number, entry in enumerate(given, start=1):
        _check_entry(kind, entry, f"{kind}, entry {number}")
    return given


def _check_entry(kind: str, entry: Any, at: str) -> None:
    if not isinstance(entry, dict):
        raise BadSeed(f"{at} must be an object.")
    for name in NEEDED[kind]:
        if name not in entry:
            raise BadSeed(f"{at}: “{name}” is missing.")
    for name, value in entry.items():
        wanted = KNOWN[kind].get(name)
        if wanted is None:
            raise BadSeed(f"{at}: “{name}” is not known; there are {', '.join(KNOWN[kind])}.")
        if not _is(value, wanted):
            raise BadSeed(f"{at}: “{name}” must be {WORDS[wanted]}.")


def _is(value: Any, wanted: str) -> bool:
    match wanted:
        case "text":
            return isinstance(value, str) and bool(value.strip())
        case "number":
            return isinstance(value, int) and not isinstance(value, bool) and value >= 0
        case "flag":
            return isinstance(value, bool)
    return isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)


def _check_offers(offers: tuple[Json, ...]) -> None:
    taken: set[str] = set()
    for number, offer in enumerate(offers, start=1):
        at = f"offers, entry {number} ({offer['title']})"
        if not CURRENCY.fullmatch(offer.get("currency", "USD")):
            raise BadSeed(f"{at}: “currency” must be three capital letters, as in USD.")
        if names_of(offer) & taken:
            raise BadSeed(f"{at}: there is an offer of that name already; holdings could not tell them apart.")
        taken |= names_of(offer)


def _check_customers(customers: tuple[Json, ...]) -> None:
    taken: set[str] = set()
    for number, customer in enumerate(customers, start=1):
        address = customer["email"]
        if not ADDRESS.fullmatch(address):
            raise BadSeed(f"customers, entry {number}: {address!r} is not an address.")
        if address.casefold() in taken:
            raise BadSeed(f"customers, entry {number}: {address} is there already.")
        taken.add(address.casefold())


def _check_holdings(holdings: tuple[Json, ...], *, offers: tuple[Json, ...], customers: tuple[Json, ...]) -> None:
    titles = set().union(*(names_of(offer) for offer in offers))
    addresses = {customer["email"].casefold() for customer in customers}
    for number, holding in enumerate(holdings, start=1):
        at = f"holdings, entry {number}"
        if holding["customer"].casefold() not in addresses:
            raise BadSeed(f"{at}: no customer has the address {holding['customer']}.")
        if holding["offer"] not in titles:
            raise BadSeed(f"{at}: no offer is called “{holding['offer']}”.")
        if holding.get("how", "granted") not in ("granted", "bought"):
            raise BadSeed(f"{at}: “how” must be granted or bought.")

"""Whatever a bot has written beside its database names no secret and no customer's address (P9)."""

import json
from base64 import b64encode
from urllib.parse import quote

from bot.sandbox.local_world import CLIENT_SECRET


def secrets_of(world):
    """Everything that only the bot, Slack and the providers know, by its name."""
    slack = world.town.workspace
    tokens = {f"Kajabi's token {number}": one for number, one in enumerate(world.kajabi.access.tokens)}
    return {
        "the bot's token": slack.bot_token,
        "the app's token": slack.app_token,
        "the signing secret": slack.signing_secret,
        "the verification token": slack.verification_token,
        "the Kajabi secret": CLIENT_SECRET,
        **tokens,
        **(_of_capillary(world.capillary.access) if world.capillary is not None else {}),
    }


def _of_capillary(access):
    """What opens Capillary: keys with their secrets, tokens, and tills with the MD5 of their passwords."""
    named = {f"Capillary's secret of the key {number}": one for number, one in enumerate(access.clients.values())}
    named |= {f"Capillary's key {number}": one for number, one in enumerate(access.clients)}
    named |= {f"Capillary's token {number}": one for number, one in enumerate(access.tokens)}
    for number, (till, password) in enumerate(access.tills.items()):
        named[f"the MD5 of till {number}"] = password
        named[f"the MD5 of till {number} as it travels"] = b64encode(f"{till}:{password}".encode()).decode()
    return named


def addresses_of(world):
    """Every address that Kajabi knows, and everything that names a customer of Capillary's but its own ids."""
    found = {contact.email for contact in world.kajabi.books.contacts.values()}
    if world.capillary is not None:
        found.update(*(one.identifiers.values() for one in world.capillary.books.customers.values()))
    return found


def told_by(text, world):
    """Name what a text gives away; the text may have any case, and what it names may be encoded."""
    text = text.casefold()
    secrets = {name for name, secret in secrets_of(world).items() if _stands_in(text, secret)}
    return secrets | {one for one in addresses_of(world) if _stands_in(text, one)}


def _stands_in(text, one):
    """Whether it stands there as it is, as in a query, or as in JSON."""
    return any(spelled.casefold() in text for spelled in (one, quote(one), quote(one, safe=""), json.dumps(one)[1:-1]))


def assert_discreet(world):
    """Nothing is given away in any log that lies beside the database."""
    for log in world.bot.folder.glob("*.log"):
        assert told_by(log.read_text(errors="replace"), world) == set(), log.name

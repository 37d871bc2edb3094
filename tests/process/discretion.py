"""Whatever a bot has written beside its database names no secret and no customer's address (P9)."""

from urllib.parse import quote

from bot.sandbox.local_world import CLIENT_SECRET


def secrets_of(world):
    """Everything that only the bot, Slack and Kajabi know, by its name."""
    slack = world.town.workspace
    tokens = {f"Kajabi's token {number}": one for number, one in enumerate(world.kajabi.access.tokens)}
    return {
        "the bot's token": slack.bot_token,
        "the app's token": slack.app_token,
        "the signing secret": slack.signing_secret,
        "the verification token": slack.verification_token,
        "the Kajabi secret": CLIENT_SECRET,
        **tokens,
    }


def addresses_of(world):
    """Every address that Kajabi knows."""
    return {contact.email for contact in world.kajabi.books.contacts.values()}


def told_by(text, world):
    """Name what a text gives away; the text may have any case, and addresses may be encoded."""
    text = text.casefold()
    secrets = {name for name, secret in secrets_of(world).items() if secret.casefold() in text}
    return secrets | {one for one in addresses_of(world) if one.casefold() in text or quote(one).casefold() in text}


def assert_discreet(world):
    """Nothing is given away in any log that lies beside the database."""
    for log in world.bot.folder.glob("*.log"):
        assert told_by(log.read_text(errors="replace"), world) == set(), log.name

"""Are two accounts one person's? Slack cannot tell; an e-mail address can make one ask."""

from bot.domain.request import Profile


def same_owner(one: Profile, other: Profile) -> bool:
    """Whether mail to either account arrives in the same place, as far as the addresses are known."""
    return bool(one.address) and one.person.id != other.person.id and _mailbox(one) == _mailbox(other)


def _mailbox(profile: Profile) -> str:
    """Return the address without what people add to it for a second account: `ada+test@…` is `ada@…`."""
    name, _, host = profile.address.strip().casefold().rpartition("@")
    return f"{name.partition('+')[0]}@{host}"

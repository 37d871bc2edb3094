"""What is said of how Slack is set up: when the bot starts, and by `python -m bot doctor`?"""

from collections.abc import Mapping, Sequence

from bot.domain.errors import BotAccount, Deactivated, GuestAccount, NotAllowed
from bot.domain.policy import Stuck

#: what the bot does without each optional scope
WITHOUT: Mapping[str, str] = {
    "channels:history": "a message may be shown twice after a crash",
    "chat:write.public": "it has to be invited to every channel",
    "files:read": "lists have to be pasted",
    "files:write": "lists are exported on the bot's machine only",
    "groups:history": "a message may be shown twice after a crash in a private channel",
    "im:history": "a direct message may be shown twice after a crash",
    "users:read.email": "two accounts of one person are not noticed",
}
SCOPES_UNREAD = "check the scopes users:read and usergroups:read (user groups need a paid plan)"
SOCKET_OPENS = "Slack opens a socket for it."
#: why an account does not count
UNFIT: Mapping[type[NotAllowed], str] = {Deactivated: "deactivated", GuestAccount: "a guest", BotAccount: "a bot"}


# --- the app ---------------------------------------------------------------------------------------------------------


def silent(address: str, code: str) -> str:
    """Say that Slack does not answer."""
    return f"Slack could not be reached at {address} ({code}): see SLACK_API_URL and the network."


def token_refused(code: str) -> str:
    """Say that Slack does not know the token."""
    return f"Slack refuses SLACK_BOT_TOKEN ({code}): copy the Bot User OAuth Token of the installed app."


def app_token_refused(code: str) -> str:
    """Say that Slack does not take the token of Socket Mode."""
    return f"Slack refuses SLACK_APP_TOKEN ({code}): create an app-level token with the scope connections:write."


def installed(name: str, team: str) -> str:
    """Say where the app is installed."""
    return f"{name} ({team}), as the app's bot."


def scopes_missing(missing: Sequence[str]) -> str:
    """Name what the bot cannot work without."""
    return f"{', '.join(missing)} missing: reinstall the app from manifest.yml (Slack gives new scopes only then)."


def scopes_granted(refused: Sequence[str]) -> str:
    """Say what the bot does less without what was not granted."""
    without = "; ".join(f"without {scope} {WITHOUT.get(scope, 'it does less')}" for scope in refused)
    return f"all needed ones granted{f'; {without}' if without else ''}."


# --- channels --------------------------------------------------------------------------------------------------------


def reaches(channels: Sequence[str]) -> str:
    """Say where all is well."""
    return f"the bot can post in {', '.join(channels)}."


def closed(channel: str) -> str:
    """Say that the bot cannot post there."""
    return f"the bot cannot post in {channel}: invite it there (/invite), or name another channel."


def closed_room(room: str, rule: str) -> str:
    """Say that a rule's cards cannot be where it wants them."""
    return f"the bot cannot post in {room}, where “{rule}” wants its cards: invite it there (/invite)."


def untold(channel: str) -> str:
    """Say that nobody can tell."""
    return f"Slack could not be asked about {channel}; try again."


# --- people ----------------------------------------------------------------------------------------------------------


def approvers_untold(setting: str) -> str:
    """Say that nobody can tell who may decide."""
    return f"Slack could not be asked who is in {setting}: {SCOPES_UNREAD}."


def not_counted(idle: Sequence[str]) -> str:
    """Name those who are named and cannot decide; begins with a blank, or is empty."""
    return f" Not counted: {', '.join(idle)}." if idle else ""


def nobody(idle: Sequence[str]) -> str:
    """Say that nobody can decide."""
    return f"nobody may decide: name people or user groups.{not_counted(idle)}"


def may_decide(names: Sequence[str], *, more: int, alone: bool) -> str:
    """Name those who can."""
    named = [*names, *([f"{more} more"] if more else [])]
    another = " Name another one: nobody decides on a request of their own." if alone else ""
    return f"{', '.join(named)} may decide.{another}"


def stuck(rule: Stuck) -> str:
    """Say that a rule leads nowhere with the people there are."""
    if rule.own:
        return f"Under “{rule.rule}” only those may decide who ask, and nobody decides on their own: name others."
    if not rule.found:
        return f"Under “{rule.rule}” nobody may decide: name others."
    return f"Under “{rule.rule}” it takes {rule.needed} approvals, and only {rule.found} can be given: name others."


def budget_of_nobody(budget: str, gone: Sequence[str]) -> str:
    """Say that nobody can tell any more whose a budget is."""
    whose = f"The budget “{budget}” is for a user group that is gone ({', '.join(gone)})"
    return f"{whose}, so nobody can be granted what costs something: name another group."


def budget_stuck(budget: str) -> str:
    """Say that nobody can approve what goes beyond a budget."""
    return f"Beyond the budget “{budget}” nothing can ever be approved: name others who approve what goes beyond it."


def escalates_to_nobody(rules: Sequence[str]) -> str:
    """Say that escalating changes nothing."""
    named = ", ".join(f"“{one}”" for one in rules)
    return f"Under {named} it is escalated only to people who may decide anyway: name others."


def empty_group(named: str) -> str:
    """Say that a group helps nobody."""
    return f"{named} (a user group with nobody in it)"


def gone_group(named: str) -> str:
    """Say that a group is no more."""
    return f"{named} (a user group that is gone: name another one)"


def unfit(named: str, refusal: NotAllowed) -> str:
    """Say why an account cannot decide."""
    return f"{named} ({UNFIT.get(type(refusal), 'not in this workspace')})"

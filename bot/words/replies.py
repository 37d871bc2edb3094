"""What is answered at once: short sentences that depend on nothing."""

from bot.words.text import safe

OUTCOME_MISSING = "Choose what is true."
LOOKING = "Looking…"
#: stands for the word that Slack would have given
NO_ANSWER = "no answer"
MENTION_HELP = (
    "In the thread of a request, `@Offerdesk approve` and `@Offerdesk deny` with a reason decide; nothing else does. "
    "`/offer help` says what else there is."
)
DIRECT_HELP = (
    "I do not understand words here. The buttons on my questions decide, and `/offer help` says what else there is."
)
MENTION_REASON = "Say why as well, like this: `@Offerdesk deny too expensive`."
MENTION_EDITED = "An edited message decides nothing. Write a new one, or use the buttons."
MENTION_OLD = "Slack brought me your message so late that it decides nothing. Write it again, or use the buttons."
BARE_WORDS = "A word alone decides nothing. These buttons do:"
UNKNOWN_BUTTON = "This button is from an older version of me and does nothing any more. `/offer help` says what does."


def unforeseen(incident: str) -> str:
    """Say that something broke, with the name under which the log has it."""
    return f"Something went wrong on my side. I cannot say whether it was done; tell an admin: `{safe(incident, 40)}`."

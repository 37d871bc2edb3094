"""What is said of what somebody typed or chose, and of what is missing?"""

from bot.domain import errors
from bot.domain.draft import AddressKind
from bot.domain.parsing import NoTimeLimit
from bot.domain.roster import EXAMPLES
from bot.words.refusals.reply import Replies
from bot.words.text import TITLE_LIMIT, listed, safe, worth

#: offers named in one sentence
NAMED = 5


def _misunderstood(error: errors.Misunderstood, _provider: str) -> str:
    words = safe(error.words, TITLE_LIMIT)
    heard = f"I did not understand “{words}”." if words else "Something is missing."
    return f"{heard} This would work: `{safe(error.example, TITLE_LIMIT)}`"


def _malformed(error: errors.AddressMalformed, _provider: str) -> str:
    others = [f"`{EXAMPLES[kind]}`" for kind in AddressKind if kind in error.kinds and kind is not AddressKind.EMAIL]
    more = f" {listed(others, 'or')} name a customer as well." if others else ""
    return f"“{safe(error.typed, 80)}” is not an e-mail address. It should look like jane@example.com.{more}"


def _several(error: errors.SeveralAddresses, _provider: str) -> str:
    named = listed((safe(one, 80) for one in error.addresses[:NAMED]), "or")
    return f"One request is for one customer. Which one: {named}?"


def _ambiguous(error: errors.OfferAmbiguous, _provider: str) -> str:
    named = [f"“{safe(offer.title, 60)}” ({worth(offer)}, {safe(offer.id, 20)})" for offer in error.offers[:NAMED]]
    more = ", and more" if len(error.offers) > NAMED else ""
    return f"Several offers fit “{safe(error.words, 80)}”: {', '.join(named)}{more}. Choose one of them."


SENTENCES: Replies = {
    errors.Misunderstood: _misunderstood,
    NoTimeLimit: lambda error, _: (
        f"You wrote “{safe(error.words, 60)}”, of which I can make nothing here. What is granted can end by itself: "
        "`for 30d`, or `until 2027-01-31`."
    ),
    errors.FormOutdated: "This form is from an older version of me. Close it and begin again with `/offer`.",
    errors.AddressMissing: "Whose access is it about? Give the customer's e-mail address.",
    errors.AddressMalformed: _malformed,
    errors.SeveralAddresses: _several,
    errors.OfferMissing: "Which offer? Choose one.",
    errors.OfferNotFound: lambda error, provider: (
        f"{provider} has no offer that fits “{safe(error.words, 80)}”. `/offer find` lists what there is."
    ),
    errors.OfferAmbiguous: _ambiguous,
    errors.OfferForeign: "This offer cannot be chosen here. Choose one from the list.",
    errors.NameMissing: "A new contact needs a name.",
    errors.ReasonMissing: "Say why. Others will read it.",
    errors.ReasonTooLong: lambda error, _: (
        f"That is {error.length:,} characters; {error.limit:,} fit. Say it shorter, or put the long story elsewhere."
    ),
    errors.ReasonUnfit: lambda error, _: (
        f"The reason has to say more here, for example: {safe(error.example, 100).rstrip('.')}."
    ),
    errors.IdsMalformed: lambda error, _: (
        f"“{safe(error.typed, 60)}” is no list of ids. Write numbers with commas between them, like 123, 456; "
        f"{error.limit} at most."
    ),
    errors.IdsNotTaken: "Ids can only be given for a revoke, and {provider} takes none here. Leave them out.",
    errors.IdsNeeded: (
        "{provider} revokes only by ids, and I do not know those of all that is issued here: somebody else issued it, "
        "or I never heard its ids. Look its earned ids up there, then give them: in the form at *Ids*, or like "
        "`/offer revoke CUSTOMER OFFER ids 123,456 because …`"
    ),
    errors.TermMalformed: lambda error, _: (
        f"“{safe(error.typed, 40)}” is no number of days. Write it like this: 30, 2 weeks, 3 months."
    ),
    errors.TermTooLong: lambda error, _: (
        f"That is more than {error.limit:,} days. Leave it empty to ask that it stays for good."
    ),
    errors.TermTwice: "Give a number of days or a day, not both.",
    errors.DayPassed: "That day is over. Choose a later one.",
    errors.TooManyDays: lambda error, _: f"The rules allow this for {error.limit} days at most, and not for good.",
    errors.TooManyCustomers: lambda error, _: f"The rules allow this for {error.limit} customers at most.",
    errors.ChannelMissing: "Choose the channel in which this is to be decided.",
    errors.NothingEdited: (
        "This is what is asked already, so nothing was changed. Change something, or close this form."
    ),
}

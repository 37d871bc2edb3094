"""What is a person told when something is refused or fails? One table; no sentence stands where the error is raised.

A sentence is mrkdwn: foreign parts in it are escaped. It says what is the matter and what to do next.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.domain import errors
from bot.domain.draft import AddressKind
from bot.domain.parsing import NoTimeLimit
from bot.domain.request import State
from bot.slack import pausing, tallies
from bot.slack.text import TITLE_LIMIT, cut, listed, mention, one_line, safe, unescape, worth

#: a sentence, in which {provider} is the provider's title, or what makes one out of the error and that title
Reply = str | Callable[[Any, str], str]

#: Slack shows about this much of an error at a field
FIELD_LIMIT = 300
#: offers named in one sentence
NAMED = 5

STATES: Mapping[State, str] = {
    State.PREPARING: "being prepared",
    State.PENDING: "waiting for a decision",
    State.APPROVED: "approved",
    State.EXECUTING: "being carried out",
    State.SUCCEEDED: "done and verified",
    State.FAILED: "not done: it failed",
    State.PARTLY: "done in part",
    State.UNKNOWN: "unknown: nobody can say yet whether it took effect",
    State.UNNEEDED: "not needed, it already was so",
    State.DENIED: "denied",
    State.EXPIRED: "expired",
    State.CANCELLED: "cancelled",
}


def _misunderstood(error: errors.Misunderstood, _provider: str) -> str:
    words = safe(error.words, TITLE_LIMIT)
    heard = f"I did not understand “{words}”." if words else "Something is missing."
    return f"{heard} This would work: `{safe(error.example, TITLE_LIMIT)}`"


#: how customers are named otherwise than by e-mail
EXAMPLES: Mapping[str, str] = {
    AddressKind.MOBILE: "+491701234567",
    AddressKind.ID: "id:306",
    AddressKind.EXTERNAL: "ext:A-17",
}


def _malformed(error: errors.AddressMalformed, _provider: str) -> str:
    others = [f"`{EXAMPLES[kind]}`" for kind in AddressKind if kind in error.kinds and kind in EXAMPLES]
    more = f" {listed(others, 'or')} name a customer as well." if others else ""
    return f"“{safe(error.typed, 80)}” is not an e-mail address. It should look like jane@example.com.{more}"


def _several(error: errors.SeveralAddresses, _provider: str) -> str:
    named = listed((safe(one, 80) for one in error.addresses[:NAMED]), "or")
    return f"One request is for one customer. Which one: {named}?"


def _ambiguous(error: errors.OfferAmbiguous, _provider: str) -> str:
    named = [f"“{safe(offer.title, 60)}” ({worth(offer)}, {safe(offer.id, 20)})" for offer in error.offers[:NAMED]]
    more = ", and more" if len(error.offers) > NAMED else ""
    return f"Several offers fit “{safe(error.words, 80)}”: {', '.join(named)}{more}. Choose one of them."


def _not_approver(error: errors.NotApprover, _provider: str) -> str:
    if not error.approvers:
        return "You are not among those who may decide this."
    return f"You are not among those who may decide this: {listed(map(mention, error.approvers[:10]))}."


def _not_admin(error: errors.NotAdmin, _provider: str) -> str:
    if not error.admins:
        return (
            "Nobody can do this yet: no admins are named. Whoever runs me can put their Slack ids into the setting "
            "`ADMINS` and start me again."
        )
    return f"Only admins stop me and let me go on: {listed(map(mention, error.admins[:10]), 'or')}. Ask one of them."


def _not_named(error: errors.NotNamed, _provider: str) -> str:
    named = f", but {listed(map(mention, error.allowed[:10]))} can" if error.allowed else ""
    return f"You cannot do this here{named}. Ask one of them, or an admin."


def _decided(error: errors.AlreadyDecided, _provider: str) -> str:
    if error.state is State.PREPARING:
        return "This is still being prepared; it can be decided as soon as it is shown."
    by = f", by {mention(error.by)}" if error.by else ""
    return f"This is no longer waiting for a decision. It is {STATES[error.state]}{by}."


def _older(error: errors.OlderVersion, _provider: str) -> str:
    if error.shown == 0:
        return (
            "Nothing had been asked before your message, so it decided nothing. Use the buttons on the newest question."
        )
    return "Things have changed since you were asked, so nothing was decided. Look at the newest question."


def _not_editable(error: errors.NotEditable, _provider: str) -> str:
    if error.state is State.PREPARING:
        return "This is being prepared just now; it can be changed as soon as it is shown."
    if error.state is State.EXECUTING:
        return "This can no longer be changed: a part of it was done. Take it back, and ask for the rest anew."
    return f"This can no longer be changed: it is {STATES[error.state]}. Ask for something else with `/offer`."


def _too_late(error: errors.TooLate, _provider: str) -> str:
    return f"This can no longer be taken back: it is {STATES[error.state]}."


def _rejected(error: errors.Rejected, provider: str) -> str:
    return f"{provider} refused: {_detail(error)}. Asking again the same way will not help."


def _unavailable(error: errors.Unavailable, provider: str) -> str:
    return f"{provider} could not be reached just now ({_detail(error)}). Nothing was done; try again in a minute."


def _unknown(error: errors.Unknown, provider: str) -> str:
    return f"{provider} gave no clear answer ({_detail(error)}). It may have happened: look before repeating it."


def _detail(error: errors.ProviderError) -> str:
    return safe(error.detail, 200).rstrip(".") or "no reason given"


SENTENCES: Mapping[type[errors.OfferdeskError], Reply] = {
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
    errors.TermMalformed: lambda error, _: (
        f"“{safe(error.typed, 40)}” is no number of days. Write it like this: 30, 2 weeks, 3 months."
    ),
    errors.TermTooLong: lambda error, _: (
        f"That is more than {error.limit:,} days. Leave it empty to ask that it stays for good."
    ),
    errors.TermTwice: "Give a number of days or a day, not both.",
    errors.DayPassed: "That day is over. Choose a later one.",
    errors.TermOver: "The day until which it was to be granted is over. Ask again with a later one.",
    errors.EndsLater: "The customer has this for longer already, so nothing would change. Ask for a later end.",
    errors.EndApproved: (
        "That it ends was approved, and you asked for it, so somebody else decides whether it stays: *Extend* asks."
    ),
    errors.EndTakesMore: lambda error, _: (
        f"To let it stay for good takes {error.needed} people to approve. *Extend* without an end asks them."
    ),
    errors.NothingPlanned: "Nothing ends by itself here any more. `/offer ending` lists what does.",
    errors.TooManyDays: lambda error, _: f"The rules allow this for {error.limit} days at most, and not for good.",
    errors.ListMixed: (
        "Some rows ask for another action or another offer than this form. Send one list for each: split it, "
        "or take those columns out."
    ),
    errors.ListTimed: "A list cannot have a time limit yet: leave it out, also in the list’s own columns.",
    errors.NobodyLeft: (
        "Nothing is to be done for anybody on this list: they have it as asked already, or cannot be found."
    ),
    errors.NothingToHold: "Nothing of this request waits to be sent, or somebody was faster: look at its card.",
    errors.ListMissing: "Whose access is it about? Give a file, or paste the customers here.",
    errors.ListTwice: "There is a file as well. Leave one of the two empty.",
    errors.FilesNotReadable: (
        "I may not read files here. Paste the list into *Customers* instead, or have whoever installed me grant the "
        "scope `files:read`."
    ),
    errors.FileElsewhere: "This file is not kept by Slack. Upload the file itself, or paste the list.",
    errors.FileNotGiven: "Slack did not give me this file just now. Send again, or paste the list.",
    errors.ListUseless: lambda error, _: (
        f"No row of the list can be used. Row {error.line}, “{safe(error.text, 60)}”: {safe(error.why, 160)}"
    ),
    errors.ListEmpty: "The list is empty: put each customer into a row of its own.",
    errors.ListNotText: lambda error, _: (
        "This is a spreadsheet file: in the spreadsheet choose *Save as* or *Download*, *CSV*, and give me that file."
        if error.kind == "spreadsheet"
        else f"This is {safe(f'a {error.kind}' if error.kind else 'no text', 20)}. Give me a CSV file."
    ),
    errors.ListTooLarge: lambda error, _: (
        f"The file is larger than {error.limit / 1_000_000:g} MB. Leave out columns that I do not need, or split it."
    ),
    errors.ListTooLong: lambda error, _: (
        f"The list has more than {error.limit:,} rows, and one request takes no more. Split it."
    ),
    errors.TooManyCustomers: lambda error, _: f"The rules allow this for {error.limit} customers at most.",
    errors.ChannelMissing: "Choose the channel in which this is to be decided.",
    errors.ContactNotFound: "{provider} knows no contact with exactly this address. Check the spelling.",
    errors.ContactAmbiguous: (
        "{provider} has several contacts with exactly this address. Merge them there first, then ask again."
    ),
    errors.ContactExists: "{provider} knows this address by now, so no contact needs to be created. Ask again without.",
    errors.OfferGone: "{provider} no longer has this offer, or has archived it. Choose another one.",
    errors.OfferElsewhere: "This offer belongs to another site of {provider}. Choose one of this site.",
    errors.AlreadyHeld: "The customer has this offer already.",
    errors.NotHeld: "The customer does not have this offer, so there is nothing to revoke.",
    errors.ChannelUnreachable: "I cannot post in that channel. Invite me there, or choose another channel.",
    errors.RoomClosed: (
        "The rules want this decided in a channel in which I cannot post. Ask an admin to invite me there, then send "
        "it once more with *Correct*."
    ),
    errors.RuledOut: "The rules do not allow this. Nothing was done; `/offer help` says what you may do.",
    errors.ProviderRefused: "{provider} refused to look this up. Check the customer and the offer there.",
    errors.ProviderGone: "{provider} is no longer set up here. Nothing was done; ask whoever runs me.",
    errors.NotPrepared: "I could not prepare this for a long time. Nothing was done; tell whoever runs me.",
    errors.ProviderDown: "{provider} could not be reached for a long time, so this was given back. Nothing was done.",
    errors.RequestNotFound: lambda error, _: (
        f"There is no request {safe(error.request_id, 20)}. `/offer requests` lists those you may see."
        if error.request_id
        else "There is no request here. Write this in the thread of the request's card."
    ),
    errors.NobodyMayDecide: "Nobody but you could approve this, and nobody approves their own request. Ask an admin.",
    errors.TooFewMayDecide: lambda error, _: (
        f"It takes {error.needed} people to approve this, and without you there are not so many who may. Ask an admin."
    ),
    errors.OwnRequest: "Nobody decides on a request of their own. Somebody else has to.",
    errors.NotApprover: _not_approver,
    errors.NotNamed: _not_named,
    errors.RefusedByRule: lambda error, _: safe(error.words, 280),
    errors.RulesChanged: (
        "The rules have changed since this was shown. Somebody whom the old and the new ones name can approve it; "
        "otherwise the requester takes it back and asks again."
    ),
    errors.NotAutomatic: "The rules do not approve this automatically any more. Somebody has to decide.",
    errors.Deactivated: "Your Slack account is deactivated, so you can neither ask nor decide.",
    errors.GuestAccount: "Guests can neither ask nor decide. Ask a member of the workspace.",
    errors.BotAccount: "Only people ask and decide.",
    errors.OtherWorkspace: "Only members of this workspace ask and decide, and you come from another one.",
    errors.StandingUnknown: "Slack could not tell who you are just now. Nothing was done; try again in a minute.",
    errors.GroupGone: (
        "A rule asks who is in a user group that Slack does not have any more, so I cannot tell which rule holds. "
        "Nothing was done. Tell an admin: `python -m bot policy check` names the group."
    ),
    errors.AlreadyDecided: _decided,
    errors.AlreadyApproved: lambda error, _: (
        f"You have approved this already, thank you. {tallies.still_needed(error.missing, error.awaited)} "
        "Until then *Withdraw* takes your approval back."
    ),
    errors.OlderThanDeed: (
        "You have approved or withdrawn here since you wrote this, so it changes nothing. Write it anew, or use the "
        "buttons."
    ),
    errors.NothingToWithdraw: "No approval of yours counts here, so there is nothing to withdraw.",
    errors.OlderVersion: _older,
    errors.NotRequester: "Only the person who asked can do this.",
    errors.NotConcerned: "This request is not yours, and not yours to decide, so I cannot tell you about it.",
    errors.OnlyOwn: "You see only the requests that you made yourself. `/offer requests mine` lists them.",
    errors.NotEditable: _not_editable,
    errors.NothingEdited: (
        "This is what is asked already, so nothing was changed. Change something, or close this form."
    ),
    errors.TooLate: _too_late,
    errors.NothingToRetry: "Nothing here failed or is unknown, so there is nothing to try again.",
    errors.NothingToSettle: "Nothing here is unknown any more, so there is nothing to settle.",
    errors.NotAdmin: _not_admin,
    errors.Paused: lambda error, _: (
        f"I am paused already, {pausing.by_whom(error.pause)} `/offer resume` lets me go on."
    ),
    errors.NotPaused: "I am not paused, so there is nothing to resume. What is approved is carried out.",
    errors.NothingToUndo: "This request has brought nothing about that could be undone.",
    errors.Rejected: _rejected,
    errors.Unavailable: _unavailable,
    errors.Withheld: "It was held back before it was done.",
    errors.OutOfTurn: "What was approved earlier goes first. Nothing was done; this has its turn after it.",
    errors.Unknown: _unknown,
    errors.Undeliverable: lambda error, _: (
        f"Slack does not let me post there ({safe(error.code, 60)}). Invite me first."
    ),
    errors.NotDelivered: lambda error, _: (
        f"Slack did not let me show you this just now ({safe(error.code, 60)}). Try again."
    ),
    errors.Misconfigured: "A setting of mine is wrong. Tell an admin.",
    errors.Overdrawn: "Others were approved meanwhile, and what is left is not enough. Nothing was done; try again.",
    errors.StoreUnavailable: "I cannot write to my database just now, so nothing was done. Try again in a minute.",
}

#: the value of an option that only says why there is nothing to choose; choosing it chooses nothing
SAID = "-:said"
#: what has no error of its own
OUTCOME_MISSING = "Choose what is true."
LOOKING = "Looking…"
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

#: codes of endings that are no class of error: the words for a change's `error` and a request's `note`
OTHER_CODES: Mapping[str, str] = {
    "ContactNotCreated": "The contact was not created, so nothing could be granted.",
    "SettledAsNotDone": "Somebody looked and says that it is not done.",
}
#: how a ProviderError is told when only its code was kept
KEPT_CODES: Mapping[str, str] = {
    "Rejected": "{provider} refused it. Asking again the same way will not help.",
    "Unavailable": "{provider} could not be reached.",
    "Unknown": "{provider} gave no clear answer.",
}


def sentence(error: errors.OfferdeskError, *, provider: str = "The provider") -> str:
    """Say it in mrkdwn. `provider` is the title people know it by."""
    reply = next(SENTENCES[kind] for kind in type(error).__mro__ if kind in SENTENCES)
    title = safe(provider, 40)
    return reply.format(provider=title) if isinstance(reply, str) else reply(error, title)


def of_code(code: str, *, provider: str = "The provider") -> str:
    """Say what a stored code means (a request's `note`, a change's `error`); an unknown one is shown as it is."""
    if code in OTHER_CODES:
        return OTHER_CODES[code]
    kept = KEPT_CODES.get(code) or _BY_NAME.get(code)
    return kept.format(provider=safe(provider, 40)) if kept else f"It ended with “{safe(code, 60)}”."


def at_fields(error: errors.Refusal, shown: Sequence[str], *, provider: str = "The provider") -> dict[str, str]:
    """Answer a form: the sentence at the refusal's field, or at the last one where the form has no such field."""
    field = error.field if error.field is not None and error.field in shown else shown[-1]
    return {field: as_plain(sentence(error, provider=provider))}


def as_plain(mrkdwn: str) -> str:
    """Turn a sentence into what Slack shows as it is."""
    return cut(one_line(unescape(mrkdwn)).replace("`", ""), FIELD_LIMIT)


def unforeseen(incident: str) -> str:
    """Say that something broke, with the name under which the log has it."""
    return f"Something went wrong on my side. I cannot say whether it was done; tell an admin: `{safe(incident, 40)}`."


_BY_NAME = {kind.__name__: reply for kind, reply in SENTENCES.items() if isinstance(reply, str)}

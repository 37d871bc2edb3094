"""What is said where the provider’s answer, or Slack’s, or a day that is over makes a request pointless?"""

from bot.domain import errors
from bot.words.refusals.reply import Replies

SENTENCES: Replies = {
    errors.ContactNotFound: "{provider} knows no contact with exactly this address. Check the spelling.",
    errors.NobodyByThis: (
        "{provider} knows no customer by exactly this. Check the spelling, or try another identifier: "
        "it may know them by that one first."
    ),
    errors.ContactAmbiguous: (
        "{provider} has several contacts with exactly this address. Merge them there first, then ask again."
    ),
    errors.ContactExists: "{provider} knows this address by now, so no contact needs to be created. Ask again without.",
    errors.OfferGone: "{provider} no longer has this offer, or has archived it. Choose another one.",
    errors.OfferElsewhere: "This offer belongs to another site of {provider}. Choose one of this site.",
    errors.AlreadyHeld: "The customer has this offer already.",
    errors.NotHeld: "The customer does not have this offer, so there is nothing to revoke.",
    errors.TermOver: "The day until which it was to be granted is over. Ask again with a later one.",
    errors.EndsLater: "The customer has this for longer already, so nothing would change. Ask for a later end.",
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
}

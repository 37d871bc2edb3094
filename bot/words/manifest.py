"""What does Slack say of the app: in its directory, beside its command, on its shortcuts?"""

DESCRIPTION = "Grants and revokes offers once somebody else has approved, and proves it."
COMMAND = "Look up, ask for and follow offers"
USAGE_HINT = "help · find WORDS · who CUSTOMER · grant CUSTOMER OFFER for 30d because … · bulk · requests"
REQUEST, REQUEST_DESCRIPTION = "Request an offer", "Ask for an offer to be granted to a customer"
FROM_MESSAGE = "Request from message"
FROM_MESSAGE_DESCRIPTION = "Ask for an offer for the customer whose address is in this message"

"""All that people read of Kajabi’s own: what follows, what is wrong, what to do in Kajabi."""

from collections.abc import Mapping

# --- what else will or may happen, as careful as what is known allows ------------------------------------------------

GRANT_SILENT = (
    "Kajabi is told not to send its welcome mail; a gift mail, a grant confirmation or automations may still go out."
)
GRANT_WELCOME = (
    "Kajabi sends its welcome mail with login details to new customers; "
    "a gift mail, a grant confirmation or automations may go out as well."
)
GRANT_FIRST = "It is their first offer, as far as Kajabi shows: Kajabi creates a customer login for them."
GRANT_AGAIN = "They had this offer before: products that were switched off or have expired may stay off."
REVOKE_PAYING = "Payments go on: revoking access does not cancel the subscription or payment plan."
REVOKE_MAYBE_PAYING = "The offer is sold with recurring payments: if they run, they go on after access is revoked."
REVOKE_BOUGHT = "This was bought: revoking ends access and refunds nothing."
REVOKE_PRODUCTS = "All products of this offer are switched off; progress is kept."
REVOKE_SHARED = "Products that another offer of theirs contains too may be switched off with it."
REVOKE_UNDO = "Undoing it is a new grant, which may send mails and start automations."
CREATE = "Kajabi checks whether the address can get mail, and may refuse it. Automations for new contacts may start."

# --- what is wrong ---------------------------------------------------------------------------------------------------

WHERE = "in Kajabi under Settings, Public API"
CREDENTIALS = (
    f"the API key is not accepted: check KAJABI_CLIENT_ID and KAJABI_CLIENT_SECRET; a key is made or rotated {WHERE}"
)
NO_CONTACT = "the contact is not known yet"
AMBIGUOUS = "several contacts have this address"
#: what Kajabi says of an address that a contact has already
TAKEN = "already been taken"
#: sites named in one sentence
NAMED = 10


def choose_site(sites: Mapping[str, str]) -> str:
    """Say which sites there are to choose from."""
    if not sites:
        return f"the API key sees no site: choose another account user for it {WHERE}"
    named = ", ".join(f"{site_id} ({title})" for site_id, title in list(sites.items())[:NAMED])
    more = f" and {len(sites) - NAMED} more" if len(sites) > NAMED else ""
    return f"set KAJABI_SITE_ID to the id of a site: {named}{more}"


def unknown_site(sites: Mapping[str, str]) -> str:
    """Say that the site of the settings is not there."""
    return f"KAJABI_SITE_ID names no site of this account: {choose_site(sites)}"


# --- what is checked at the start ------------------------------------------------------------------------------------

KEY, USER, SITE = "Kajabi credentials", "Kajabi user", "Kajabi site"
OFFERS, CONTACTS, PURCHASES = "Kajabi offers", "Kajabi contacts", "Kajabi purchases"
ACCEPTED, READABLE = "accepted", "can be read"


def answers(version: str) -> str:
    """Say that it answers."""
    return f"answers, version {version or 'not told'}"


def acts_as(role: str) -> str:
    """Say as whom the key acts."""
    return f"the API key acts as {role or 'a user whose role is not told'}"


def unreadable(what: str) -> str:
    """Say which permission is missing."""
    return f"the API key may not read {what}: give it the permission to view {what} {WHERE}"


def out_of_reach(detail: str) -> str:
    """Say what to look at where Kajabi does not answer."""
    return f"{detail}; check KAJABI_API_URL and the network, then try again"

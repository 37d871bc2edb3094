"""All that people read of Capillary’s own: what follows, what is wrong, what to do in Capillary."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

# --- what else will or may happen, as careful as what is known allows ------------------------------------------------

CREATE = "Customers cannot be created in Capillary from here."
GRANT_TWO_STEPS = (
    "Two steps: the customer is enrolled, then the promotion is issued. If the second is refused, the first stays."
)
GRANT_ISSUES = "The promotion is issued; an enrolment that is there stays as it is."
GRANT_MAYBE_ENROLLED = "If the customer is enrolled already, the new enrolment takes its place, with a new expiry."
GRANT_PART = "The customer is enrolled again, and nothing is issued, as nothing was issued before."
GRANT_LATER = "Benefits come later, when the promotion’s conditions are met; messages set up in Capillary may go out."
GRANT_LIMIT = "Whether the customer’s limit is used up shows only when it is tried: then Capillary refuses."
GRANT_AGAIN = "They had this promotion before, and it has expired."
REVOKE_BENEFITS = (
    "The customer can no longer earn by it. "
    "What becomes of benefits that were given already is not documented: look in Capillary if it matters."
)
REVOKE_TWO_STEPS = (
    "What is issued is revoked first, then the enrolment. If the second step is refused, the first stays done."
)
REVOKE_PART = "Only what was issued is revoked; the enrolment stays, as it was there before."
REVOKE_LIMIT = "Whether a limit that was used up is given back is not known: granting again may be refused."
REVOKE_OURS = (
    "What is revoked is named by its ids: those that were given here, else those of what this bot has issued; "
    "where more than that is issued, it refuses."
)
REVOKE_UNDO = "Undoing it is a new grant, with new ids."
UNTOLD = "Capillary does not show here whether they have it; the result will rest on its confirmation alone."

# --- promotions, and what is held of them ----------------------------------------------------------------------------

WITHOUT_ISSUE, DIRECT, ENROL = "available without issue", "direct issue", "enrol and issue"
NO_TYPE = "type not known"
ENDED = "expired"
WHICH_IDS = (
    "The earned ids of what is issued to the customer, as in 123, 456: all of them. Leave it empty where only this bot "
    "has issued something: it has kept those ids."
)


def untitled(promotion: str) -> str:
    """Name a promotion that has no name."""
    return f"Promotion {promotion}"


def enrolled(until: float | None) -> str:
    """Say that the customer is enrolled."""
    return f"enrolled{_until(until)}"


def issued(issue: str, redeemed: int, expires: float | None) -> str:
    """Say what was issued, and how often it was redeemed."""
    times = "not redeemed" if not redeemed else "redeemed once" if redeemed == 1 else f"redeemed {redeemed} times"
    until = _until(expires)
    return f"issued as {issue}, {times}{',' if until else ''}{until}"


def _until(until: float | None) -> str:
    try:
        return f" until {datetime.fromtimestamp(until, UTC):%Y-%m-%d}" if until is not None else ""
    except (OverflowError, ValueError, OSError):
        return ""


# --- what is refused here --------------------------------------------------------------------------------------------

EVERYBODYS = "everyone has this promotion already; there is nothing to grant or revoke"
OF_UNIFIED = "this is a promotion of the unified family (v3), which are not supported yet"
NO_KIND = "this bot does not know the type of this promotion, so it changes nothing about it"
GONE = "there is no such promotion in the program of CAPILLARY_PROGRAM_ID"
NOT_OURS = (
    "ids of what was issued are known only where this bot issued it, and here something else is issued: "
    "ask again and give its earned ids, as in “/offer revoke CUSTOMER OFFER ids 123,456”, or revoke it in Capillary, "
    "or set CAPILLARY_ISSUED_IDS_PROVED once it is proved that reads show the same ids"
)
HELD = "the customer has this promotion already"
NOT_HELD = "the customer holds nothing of this promotion"
BUSY = "another change for this customer is under way"
NO_SUCH_ID = "it knows no customer with this id any more"
NO_CREATION, NO_CONTACT = "customers cannot be created from here", "the customer is not known yet"


def too_few(*, issued: int, named: int) -> str:
    """Say that all ids are wanted."""
    return f"{issued} are issued to the customer, and {named} of their ids were given: ask again, and give all of them"


# --- what its answers mean -------------------------------------------------------------------------------------------

NO_PROOF = "the answer lacks the id that proves it"
NOTHING_SAID = "the answer does not say what became of this customer"
EXPIRED = "the token has expired"
_CONFIG_SOURCE = "the source is not valid for this organisation: check CAPILLARY_SOURCE and CAPILLARY_ACCOUNT_ID"
_NO_CUSTOMER = (
    "it finds no such customer; where the organisation knows customers by another identifier first, try that one"
)
_OUTSIDE = "the customer exists but is not in the loyalty program"
_ACCOUNT = "this source has several accounts: set CAPILLARY_ACCOUNT_ID"
_ASKED = "it does not understand how the promotions were asked for"
_DOWN = "it is not available right now"

#: what its codes mean: fragments that fit behind “Capillary refused:” or between brackets
FAULTS: Mapping[int, str] = {
    461: _DOWN,
    498: EXPIRED,
    500: _DOWN,
    503: _DOWN,
    521: "another action is running for this customer",
    1060: "too many customers in one call: lower CAPILLARY_BATCH",
    1101: "it does not know the program: check CAPILLARY_PROGRAM_ID",
    2010: _ASKED,
    2305: "the customer holds no active issued promotion here",
    4000: "the client may not do this: its access group needs the customer resource, to read and to write",
    4001: "it cannot tell right now what the client may do",
    4053: _ASKED,
    4054: _ASKED,
    4057: _ASKED,
    8001: "no source was named: check CAPILLARY_SOURCE",
    8002: "no identifier was named",
    8003: _CONFIG_SOURCE,
    8011: _CONFIG_SOURCE,
    8012: _CONFIG_SOURCE,
    8013: "it cannot look customers up by this kind of identifier",
    8015: _NO_CUSTOMER,
    8016: _ACCOUNT,
    8045: _ACCOUNT,
    8065: _NO_CUSTOMER,
    8069: "this customer was merged into another account: look that one up",
    8089: _OUTSIDE,
    8091: _ACCOUNT,
    # the pages of a customer's promotions list these without a word about each
    **dict.fromkeys((8100, 8101, 8102, 8103, 8104, 8105), _ASKED),
    **dict.fromkeys((8110, 8111, 8112, 8113, 8114, 8115, 8116, 8117, 8118), _ASKED),
    8121: _OUTSIDE,
    8125: _ASKED,
    8127: _CONFIG_SOURCE,
    8874: "it does not know this promotion in the program of CAPILLARY_PROGRAM_ID",
    8881: "program or promotion was missing from the call, which is a fault of this bot: its log says more",
    8890: "the customer has used up the limit of this promotion, or the promotion is not set up for it",
    8892: "the promotion is not active, and Capillary changes nobody on one that is not",
    8896: "it could not process this customer, as it says of an unknown customer, too",
    8899: "user groups cannot be enrolled, only single customers",
    8901: "the kind of entity was not accepted, which is a fault of this bot: its log says more",
    8902: "promotions of this type do not allow this action",
    8903: "one of the issued ids is wrong, or was revoked already",
    11013: "customer or source was missing from the call, which is a fault of this bot: its log says more",
}


def undocumented(said: str, code: int | None) -> str:
    """Pass on what it says of a code that is in no table."""
    return f"{said or 'it gives no reason'} (code {'none' if code is None else code})"


def contradiction(says: str) -> str:
    """Say that an answer says both yes and no."""
    return f"the answer names an id and yet says that {says}"


def one_of(reasons: Iterable[str]) -> str:
    """Say that nobody can tell which reason it was."""
    return f"one of these, without saying whose: {'; '.join(reasons)}"


def lost_after(done: str, why: str) -> str:
    """Say that a first step was taken, and that of the second nobody knows."""
    return f"{done}; then {why}"


# --- what is checked at the start ------------------------------------------------------------------------------------

REFUSED_KEY = "key and secret are not accepted: check CAPILLARY_KEY, CAPILLARY_SECRET and CAPILLARY_API_URL"
REFUSED_TILL = (
    "till and password are not accepted: check CAPILLARY_TILL and CAPILLARY_PASSWORD_MD5; "
    "new organisations need Basic authentication to be enabled by Capillary's support"
)
CLUSTER, KEY, PROGRAM = "Capillary cluster", "Capillary credentials", "Capillary program"
CUSTOMERS, REVOKES = "Capillary customers", "Capillary revokes"
ACCEPTED, BASIC = "accepted (OAuth)", "Basic, tried by what follows"
IDS_PROVED, IDS_OURS = "ids that reads show may be named", "only what this bot issued"


def unknown_cluster(host: str) -> str:
    """Say that the address may be a wrong one."""
    return f"{host} is none of the clusters that Capillary names: check CAPILLARY_API_URL"


def not_served(says: str, path: str) -> str:
    """Say that the organisation may have to be let in."""
    return (
        f"{says}, where promotions are listed: check CAPILLARY_API_URL, and ask Capillary's support "
        f"whether {path} is served to your organisation"
    )


def promotions(program: int, live: int) -> str:
    """Count them."""
    if live == 0:
        return f"{program} has no live promotion: check CAPILLARY_PROGRAM_ID if it should"
    return f"{program}, live promotions: {live}"


def customers(source: str) -> str:
    """Say where they are looked up, and what is not known yet."""
    return f"can be looked up in the source {source}; whether they may be changed, a change shows"


def out_of_reach(detail: str) -> str:
    """Say what to look at where Capillary does not answer."""
    return f"{detail}; check CAPILLARY_API_URL and the network, then try again"

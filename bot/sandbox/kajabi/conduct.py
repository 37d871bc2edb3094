"""What is not known of the real Kajabi, as switches.

Each starts in the position that asks most care of a client. A bot that works in every position rests on
nothing that nobody has seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(kw_only=True)
class Conduct:
    second_grant: Literal["refused", "unchanged", "repeated"] = "refused"
    """A grant of what is granted: 422, or nothing, or everything once more, with its mail."""

    revoke_of_nothing: Literal["refused", "unchanged"] = "refused"
    """A revoke of what is not held: 422, or nothing."""

    archived_offer: Literal["shown", "missing"] = "shown"
    """GET of an archived offer by its id. It has no mark there; only the list leaves it out."""

    archived_grant: Literal["refused", "granted"] = "refused"
    """A grant of an archived offer: 422, or as any other."""

    mixed_ids: Literal["partly", "nothing", "skipped"] = "partly"
    """Known and unknown offers in one write: 404 with the known ones done, 404 with none done, or 200."""

    purchases_in_relationship: bool = False
    """Whether the offers of a contact name what was bought, beside what was granted."""

    welcome_mail: Literal["always", "new customers"] = "always"
    """Who gets a welcome mail, where the client does not ask for silence."""

    missing_site_filter: Literal["refused", "ignored"] = "refused"
    """A list of contacts without filter[site_id] in an account of several sites: 400, or all sites."""

    unknown_filter: Literal["ignored", "refused"] = "ignored"
    """A filter that the documents do not name: the whole list, or 400."""

    offer_filter: Literal["obeyed", "ignored"] = "obeyed"
    """A list of contacts by offer, which is documented: those, or all, so that a client has to see for itself."""

    no_customer: Literal["empty", "null", "missing"] = "empty"
    """The customer of a mere lead: `{"data": null}`, `null`, or no such relationship."""

    sparse_relationships: bool = False
    """Whether relationships survive `fields[...]` without being named there."""

    meta: Literal["pages", "total"] = "pages"
    """`total_pages, total_count, current_page` as documented, or `total` as seen on the wire."""

    page_size: int = 20
    largest_page: int = 100
    """Larger pages are cut to this without a word."""

    token_seconds: int = 604_800

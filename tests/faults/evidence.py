"""All that is known when everything has come to rest: what is on disk, what stands in Slack, what Kajabi did."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field

from bot.sandbox.kajabi.books import Footprint
from bot.sandbox.model import Post
from bot.sandbox.town import Town
from tests.faults.rewards import Rewards, is_in_part, rewards

Row = dict

REQUESTS = "select * from request order by number"
CHANGES = """
    select change.*, contact.id as contact_id, contact.address, contact.name as contact_name
    from change join contact on contact.ref = change.contact_ref order by change.id"""
DECISIONS = "select * from decision order by rowid"
EVENTS = "select * from event order by seq"
MESSAGES = "select * from message order by number"
SPENDING = "select * from spending"


@dataclass(frozen=True)
class Evidence:
    town: Town
    requests: list[Row]
    changes: list[Row]
    decisions: list[Row]
    events: list[Row]
    messages: list[Row]
    #: what is used of quotas and budgets
    spending: list[Row]
    #: what stands in Slack, by the key in its metadata
    posts: dict[str, list[Post]]
    writes: Counter[Footprint]
    effects: Counter[Footprint]
    #: (contact, offer) that were held in the beginning, and in the end
    before: frozenset[tuple[str, str]]
    after: frozenset[tuple[str, str]]
    titles: dict[str, str]
    #: the same of Capillary, where there is one: it stands among the effects, and in its own books
    rewards: Rewards | None = None
    #: how often everything was issued in the beginning
    issued_before: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def of(self, rows, request):
        return [row for row in rows if row["request_id"] == request["id"]]

    def main(self, request):
        return next(row for row in self.of(self.changes, request) if row["action"] != "create")

    def last_of(self, target):
        """The last change of a customer and an offer that ended with anything done."""
        ended = [one for one in self.changes if (one["contact_id"], one["offer_id"]) == target]
        return next((one for one in reversed(ended) if one["state"] == "succeeded" or is_in_part(one)), None)

    def post(self, key):
        return next(iter(self.posts.get(key, ())), None)


def gathered(town, kajabi, database, *, before, capillary=None, issued_before=None):
    with closing(sqlite3.connect(database)) as sqlite:
        sqlite.row_factory = sqlite3.Row
        queries = (REQUESTS, CHANGES, DECISIONS, EVENTS, MESSAGES, SPENDING)
        requests, changes, decisions, events, messages, spending = [
            [dict(row) for row in sqlite.execute(query)] for query in queries
        ]
    found = rewards(capillary) if capillary is not None else None
    titles = {offer.id: offer.title for offer in kajabi.books.offers.values()}
    return Evidence(
        town=town,
        requests=requests,
        changes=changes,
        decisions=decisions,
        events=[event | {"data": json.loads(event["data"])} for event in events],
        messages=messages,
        spending=spending,
        posts=posts_of(town),
        writes=kajabi.writes + (found.decisive(found.writes) if found else Counter()),
        effects=kajabi.effects + (found.decisive(found.effects) if found else Counter()),
        before=before,
        after=held(kajabi, capillary),
        titles=titles | (found.titles if found else {}),
        rewards=found,
        issued_before=issued_before or {},
    )


def held(kajabi, capillary=None):
    """Who has what, as Kajabi and Capillary know it themselves."""
    known = frozenset((contact, offer) for contact in kajabi.books.contacts for offer in kajabi.holds(contact))
    return known if capillary is None else known | rewards(capillary).held


def issued(capillary):
    """How often everything was issued so far."""
    return {} if capillary is None else {one: len(ids) for one, ids in rewards(capillary).issued.items()}


def posts_of(town):
    """What the bot has posted, and what stands there still."""
    found = defaultdict(list)
    for channel in town.workspace.channels.values():
        for post in channel.posts.values():
            if post.bot_id:
                found[key_of(post)].append(post)
    return found


def key_of(post):
    if post.files:  # which are without metadata: their names say what they are
        request, _, event = post.files[0].name.removesuffix(".csv").rpartition("-")
        return f"{request}/file/{event}"
    return str(((post.metadata or {}).get("event_payload") or {}).get("key", ""))

"""All that is known when everything has come to rest: what is on disk, what stands in Slack, what Kajabi did."""

import json
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass

from bot.sandbox.kajabi.books import Footprint
from bot.sandbox.model import Post
from bot.sandbox.town import Town

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

    def of(self, rows, request):
        return [row for row in rows if row["request_id"] == request["id"]]

    def main(self, request):
        return next(row for row in self.of(self.changes, request) if row["action"] != "create")

    def post(self, key):
        return next(iter(self.posts.get(key, ())), None)


def gathered(town, kajabi, database, *, before):
    with closing(sqlite3.connect(database)) as sqlite:
        sqlite.row_factory = sqlite3.Row
        queries = (REQUESTS, CHANGES, DECISIONS, EVENTS, MESSAGES, SPENDING)
        requests, changes, decisions, events, messages, spending = [
            [dict(row) for row in sqlite.execute(query)] for query in queries
        ]
    return Evidence(
        town=town,
        requests=requests,
        changes=changes,
        decisions=decisions,
        events=[event | {"data": json.loads(event["data"])} for event in events],
        messages=messages,
        spending=spending,
        posts=posts_of(town),
        writes=kajabi.writes,
        effects=kajabi.effects,
        before=before,
        after=held(kajabi),
        titles={offer.id: offer.title for offer in kajabi.books.offers.values()},
    )


def held(kajabi):
    """Who has what, as Kajabi itself knows it."""
    return frozenset((contact, offer) for contact in kajabi.books.contacts for offer in kajabi.holds(contact))


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

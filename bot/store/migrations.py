"""The tables, as a list of migrations that reads as their history. A migration that was released never changes.

Times are seconds since the epoch. `due` in the past means: to be done now; NULL: nothing to do. `worker` is the
process that last took the row. Only columns with an index are declared as references: for the others SQLite would
read the whole table whenever it inserts a row that they might refer to.
"""

import json
import sqlite3

from sqlite_utils import Database, Migrations

from bot.domain.errors import Misconfigured
from bot.store.connection import errors_as_ours, sqlite_waits, transaction

offerdesk = Migrations("offerdesk")


@offerdesk()
def m001_requests(db: Database) -> None:
    """What is asked and decided. Addresses and names of customers are in `contact` and nowhere else."""
    for statement in (
        """
        create table contact (
            ref integer primary key, provider text not null, address text not null, id text, customer_id text,
            name text not null)""",
        "create unique index contact_address on contact (provider, address) where address <> ''",
        "create index contact_id on contact (provider, id) where id is not null",
        """
        create table request (
            number integer primary key, id text not null unique, action text not null, provider text not null,
            state text not null, team text not null, requester text not null, channel text not null,
            offer text not null, reason text not null, created real not null, version integer not null,
            fingerprint text not null, preview text not null, welcome_email integer not null,
            creates_contact integer not null, parent text, submitted_key text not null,
            updated real not null, decided real, expires real, reminded real, troubled real,
            left_so integer not null, due real, attempts integer not null, note text not null, worker integer)""",
        "create unique index request_key on request (submitted_key) where submitted_key <> ''",
        "create unique index request_created on request (created)",
        "create index request_state on request (state, created)",
        "create index request_requester on request (requester, created)",
        "create index request_due on request (due) where due is not null",
        """
        create table change (
            id integer primary key, request_id text not null references request (id), action text not null,
            provider text not null, contact_ref integer not null references contact (ref), offer_id text not null,
            welcome_email integer not null, state text not null, after integer,
            new_name text not null,
            attempts integer not null, sent real, sent_to text, resent real, reads integer not null,
            receipt text not null,
            verified real, troubled real, error text not null, due real, worker integer)""",
        "create index change_request on change (request_id)",
        "create index change_contact on change (contact_ref)",
        "create index change_due on change (due) where due is not null",
        """
        create unique index one_sent on change (provider, contact_ref, offer_id)
            where sent is not null and state in ('todo', 'unknown')""",
        """
        create table decision (
            request_id text not null references request (id), version integer not null, choice text not null,
            team text not null, person text not null, at real not null, note text not null,
            unique (request_id, version, team, person))""",
    ):
        db.execute(statement)


@offerdesk()
def m002_audit(db: Database) -> None:
    """What has happened: rows that are only ever added, each with the hash of the one before. `note` is beside it."""
    for statement in (
        """
        create table event (
            seq integer primary key autoincrement, name text not null, at real not null, request_id text, team text,
            person text, data text not null, hash text not null)""",
        "create index event_request on event (request_id, seq)",
        """
        create trigger event_stays before delete on event
            begin select raise(abort, 'the audit is append-only'); end""",
        """
        create trigger event_unchanged before update on event
            begin select raise(abort, 'the audit is append-only'); end""",
        """
        create trigger event_next before insert on event
            when new.seq <> (select coalesce(max(seq), 0) + 1 from event)
            begin select raise(abort, 'the audit is append-only'); end""",
        "create table note (seq integer primary key references event (seq), text text not null)",
    ):
        db.execute(statement)


@offerdesk()
def m003_messages(db: Database) -> None:
    """What people are owed."""
    for statement in (
        """
        create table message (
            number integer primary key, key text not null unique, request_id text not null references request (id),
            kind text not null, recipient text not null, parent text, event integer,
            asks integer, version integer not null, shown integer not null, channel text not null, ts text not null,
            attempts integer not null, due real, error text not null, worker integer, gave_up real)""",
        "create index message_due on message (due) where due is not null",
        "create index message_request on message (request_id, number)",
        "create index message_place on message (channel, ts) where ts <> ''",
    ):
        db.execute(statement)


@offerdesk()
def m004_around(db: Database) -> None:
    """The cache of offers, searched by the beginnings of words; the pace of APIs; events seen; processes."""
    for statement in (
        "create table catalogue (shelf integer primary key, provider text not null unique, read_at real)",
        """
        create table offer (
            position integer primary key, provider text not null, id text not null, sorts_as text not null,
            title text not null, internal_title text not null, description text not null, price integer,
            currency text not null, recurring integer not null, products text not null, listed integer not null,
            unique (provider, id))""",
        "create index offer_title on offer (provider, sorts_as, id)",
        """
        create virtual table offer_words using fts5 (
            title, internal_title, id, prefix = '1 2 3 4 5 6 7 8', tokenize = 'unicode61 remove_diacritics 2')""",
        "create table pace (name text primary key, next_free real not null, held real not null)",
        "create table seen (event_id text primary key, at real not null)",
        "create index seen_at on seen (at)",
        "create table worker (id integer primary key autoincrement, seen real not null)",
    ):
        db.execute(statement)


@offerdesk()
def m005_pause(db: Database) -> None:
    """The stop switch; the order in which what waited goes on; messages that are about no request in particular."""
    for statement in (
        """
        create table pause (
            one integer primary key check (one = 1), team text not null, person text not null, at real not null,
            why text not null)""",
        "alter table change add column queued real",
        "create index change_queued on change (queued) where queued is not null and state = 'todo' and sent is null",
        "alter table message rename to older_message",
        """
        create table message (
            number integer primary key, key text not null unique, request_id text references request (id),
            kind text not null, recipient text not null, parent text, event integer,
            asks integer, version integer not null, shown integer not null, channel text not null, ts text not null,
            attempts integer not null, due real, error text not null, worker integer, gave_up real)""",
        "insert into message select * from older_message",
        "drop table older_message",
        "create index message_due on message (due) where due is not null",
        "create index message_request on message (request_id, number)",
        "create index message_place on message (channel, ts) where ts <> ''",
    ):
        db.execute(statement)


@offerdesk()
def m006_home(db: Database) -> None:
    """The Homes of those who opened theirs, and a path through the requests for each of the lists on it."""
    for statement in (
        """
        create table home (
            person text primary key, team text not null, places text not null, digest text not null,
            version integer not null, asked integer not null, oversees integer not null, opened real not null,
            drawn real not null, due real, attempts integer not null, error text not null, worker integer)""",
        "create index home_oversees on home (oversees)",
        "create index home_due on home (due) where due is not null",
        "create index request_waiting on request (created) where state in ('pending', 'unknown')",
        """
        create index request_unended on request (requester, created)
            where state in ('preparing', 'pending', 'approved', 'executing', 'unknown', 'failed', 'partly')
                and left_so = 0""",
        """
        create index request_ended on request (updated)
            where state in ('succeeded', 'failed', 'partly', 'unneeded', 'denied', 'expired', 'cancelled')""",
        """
        create index request_ended_of on request (requester, updated)
            where state in ('succeeded', 'failed', 'partly', 'unneeded', 'denied', 'expired', 'cancelled')""",
    ):
        db.execute(statement)


@offerdesk()
def m007_duties(db: Database) -> None:
    """What is to be done again and again, and when next."""
    db.execute("create table duty (name text primary key, due real not null)")
    db.execute("insert into duty values ('head', 0)")


@offerdesk()
def m008_editors(db: Database) -> None:
    """Who has changed what is asked."""
    db.execute("alter table request add column editors text not null default '[]'")


@offerdesk()
def m009_digests(db: Database) -> None:
    """Who is to be reminded of all that waits for them, and when they were; the rules that are followed."""
    db.execute("create table digest (person text primary key, due real, told real)")
    db.execute("create index digest_due on digest (due) where due is not null")
    db.execute("create table rulebook (one integer primary key check (one = 1), digest text not null)")


@offerdesk()
def m010_places(db: Database) -> None:
    """Where something was asked, which is not always where its card stands."""
    db.execute("alter table request add column asked_in text")


@offerdesk()
def m011_spending(db: Database) -> None:
    """What was approved and not in vain: what it takes of quotas and budgets."""
    for statement in (
        """
        create table spending (
            request_id text primary key references request (id), requester text not null, at real not null,
            action text not null, value integer, currency text not null, rule text not null, undone integer not null)
        """,
        "create index spending_rule on spending (requester, rule, at)",
        "create index spending_at on spending (at)",
    ):
        db.execute(statement)
    found = db.query("""
        select request.id, requester, decided, request.action, offer from request
        join change on change.request_id = request.id and change.action = request.action
        where decided is not null and request.state in ('approved', 'executing', 'unknown', 'succeeded', 'partly')
            and change.state in ('todo', 'unknown', 'succeeded')""")
    for row in list(found):
        offer = json.loads(row["offer"])
        values = (row["id"], row["requester"], row["decided"], row["action"], offer["price"], offer["currency"].upper())
        db.execute("insert into spending values (?, ?, ?, ?, ?, ?, '', 0)", values)


@offerdesk()
def m020_terms(db: Database) -> None:
    """For how long something is granted; the requests that take it back by themselves, and when."""
    for statement in (
        "alter table request add column term text not null default ''",
        "alter table request add column planned real",
        "create index request_end_of on request (parent) where planned is not null",
        """
        create index request_ending on request (planned, number)
            where planned is not null and state in ('approved', 'executing', 'failed')""",
    ):
        db.execute(statement)


@offerdesk()
def m021_learned_rates(db: Database) -> None:
    """How fast an API was seen to bear calls, where that is slower than the setting."""
    for column in ("rate", "refused", "since"):
        db.execute(f"alter table pace add column {column} real not null default 0")


@offerdesk()
def m022_lists(db: Database) -> None:
    """Requests for many customers: their rows, counted by where they stand; those that cannot be used."""
    for statement in (
        "alter table request add column size integer not null default 0",
        "alter table request add column file_name text not null default ''",
        "alter table request add column bad integer not null default 0",
        "alter table request add column repeated integer not null default 0",
        "alter table request add column held real",
        "alter table change add column line integer not null default 0",
        "alter table change add column plan text not null default ''",
        "alter table change add column fingerprint text not null default ''",
        """
        create table tally (
            request_id text not null, state text not null, unsent integer not null, count integer not null,
            primary key (request_id, state, unsent)) without rowid""",
        """
        create trigger row_added after insert on change when new.line > 0 begin
            insert into tally values (new.request_id, new.state, new.sent is null, 1)
                on conflict (request_id, state, unsent) do update set count = count + 1;
        end""",
        """
        create trigger row_moved after update of state, sent on change
            when new.line > 0 and (new.state <> old.state or (new.sent is null) <> (old.sent is null)) begin
            update tally set count = count - 1
                where request_id = old.request_id and state = old.state and unsent = (old.sent is null);
            insert into tally values (new.request_id, new.state, new.sent is null, 1)
                on conflict (request_id, state, unsent) do update set count = count + 1;
        end""",
        "create index change_line on change (request_id, line) where line > 0",
        """
        create table bad_row (
            request_id text not null references request (id), line integer not null, text text not null,
            why text not null)""",
        "create index bad_row_line on bad_row (request_id, line)",
    ):
        db.execute(statement)


@offerdesk()
def m023_named(db: Database) -> None:
    """Ids that a person has named; what was done in part; a customer by more than one address; a channel's provider."""
    for statement in (
        "alter table change add column ids text not null default ''",
        "alter table change add column in_part text not null default ''",
        # of one customer, who was asked for by two addresses, two changes may have been sent: read by their contact
        """
        update change set sent_to = null
        where sent is not null and state in ('todo', 'unknown') and exists (
            select 1 from change as earlier
            where earlier.provider = change.provider and earlier.sent_to = change.sent_to
                and earlier.offer_id = change.offer_id and earlier.sent is not null
                and earlier.state in ('todo', 'unknown') and earlier.id < change.id)""",
        """
        create unique index one_sent_to on change (provider, sent_to, offer_id)
            where sent is not null and sent_to is not null and state in ('todo', 'unknown')""",
        "create index request_place on request (coalesce(asked_in, channel), created) where planned is null",
    ):
        db.execute(statement)


@offerdesk()
def m024_rows(db: Database) -> None:
    """What a row of a list says itself: how long it is to last, and why."""
    for column in ("term", "reason"):
        db.execute(f"alter table change add column {column} text not null default ''")


@offerdesk()
def m025_given_back(db: Database) -> None:
    """For how many customers a budget was taken, and for how many of them it was given back."""
    db.execute("alter table spending add column customers integer not null default 1")
    db.execute("""
        update spending set customers = max(1, (
            select count(*) from change
            where change.request_id = spending.request_id and line > 0 and state in ('todo', 'unknown', 'succeeded')))
        where request_id in (select id from request where size > 0)""")
    db.execute("""
        update spending set undone = min(customers, (
            select count(distinct granted.id) from request
            join change as revoked on revoked.request_id = request.id
            join change as granted on granted.contact_ref = revoked.contact_ref
            where request.parent = spending.request_id and request.planned is null and revoked.action = 'revoke'
                and revoked.state = 'succeeded' and granted.request_id = spending.request_id
                and granted.action = 'grant' and granted.state = 'succeeded'
                and granted.provider = revoked.provider and granted.offer_id = revoked.offer_id))
        where customers > 1""")


def migrate(sqlite: sqlite3.Connection) -> None:
    """Bring the schema up to date, wholly or not at all; refuse a database that a newer release has changed."""
    db = Database(sqlite)
    with errors_as_ours():
        refuse_newer(db)
        if offerdesk.pending(db):
            with sqlite_waits(sqlite), transaction(sqlite):
                refuse_newer(db)  # another process may have been faster
                offerdesk.apply(db)


def refuse_newer(db: Database) -> None:
    with Database(memory=True) as empty:
        known = {migration.name for migration in offerdesk.pending(empty)}
    unknown = [migration.name for migration in offerdesk.applied(db) if migration.name not in known]
    if unknown:
        raise Misconfigured(
            f"DATABASE_URL: the database was changed by a newer release ({', '.join(unknown)}). "
            "Run that release, or restore a backup made before it."
        )

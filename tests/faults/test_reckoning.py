"""The reckoning itself: whatever is made wrong afterwards, in one place, is found and named."""

import sqlite3
from contextlib import closing, suppress
from dataclasses import replace

import pytest

from bot.store import database_path
from tests.faults.evidence import gathered, held
from tests.faults.plays import played
from tests.faults.reckoning import disagreements
from tests.flow.following import GRANT, all_told, case_of, done, over_http

#: a second request, that is denied
ANOTHER = "/offer grant sam@example.com baking with kids because she asked"


def effect_too_many(evidence):
    what = next(iter(evidence.effects))
    return replace(evidence, effects=evidence.effects + evidence.effects.__class__([what]))


def effect_of_nobody(evidence):
    return replace(evidence, effects=evidence.effects + evidence.effects.__class__([("revoke", "3001", "2001")]))


def effect_missing(evidence):
    return replace(evidence, effects=evidence.effects.__class__())


def call_unknown_to_the_audit(evidence):
    return replace(evidence, writes=evidence.writes + evidence.writes)


def gone_from_kajabi(evidence):
    return replace(evidence, after=evidence.before)


def told_otherwise(evidence, was, instead):
    """What is written in a row, changed to something else."""
    changed = [one | {"state": instead} if one["state"] == was else one for one in evidence.requests]
    return replace(evidence, requests=changed)


def posted_twice(evidence):
    return replace(evidence, posts={key: posts * 2 for key, posts in evidence.posts.items()})


def without_card(evidence):
    posts = {key: one for key, one in evidence.posts.items() if not key.endswith("/card")}
    return replace(evidence, posts=posts)


def posted_for_nobody(evidence):
    return replace(evidence, posts=evidence.posts | {"R-NOPE/card": next(iter(evidence.posts.values()))})


def of_the_other(evidence):
    """Each card says what the other request is about."""
    first, second = [key for key in evidence.posts if key.endswith("/card")]
    return replace(evidence, posts=evidence.posts | {first: evidence.posts[second], second: evidence.posts[first]})


def rows_changed(evidence, table, **fields):
    return replace(evidence, **{table: [one | fields for one in getattr(evidence, table)]})


def without_events(evidence, name):
    return replace(evidence, events=[one for one in evidence.events if one["name"] != name])


TAMPERINGS = {
    "2 effects": effect_too_many,
    "0 told as done, 1 effects": effect_of_nobody,
    "1 told as done, 0 effects": effect_missing,
    "its provider was asked 2 times": call_unknown_to_the_audit,
    "its provider says otherwise": gone_from_kajabi,
    "still executing": lambda one: told_otherwise(one, "succeeded", "executing"),
    "card does not say": lambda one: told_otherwise(one, "succeeded", "failed"),
    "the last decision was deny": lambda one: told_otherwise(one, "denied", "expired"),
    "direct messages say 0 times": lambda one: told_otherwise(one, "denied", "expired"),
    "its history ends with": lambda one: without_events(one, "request.succeeded"),
    "the audit knows of 0": lambda one: without_events(one, "change.sent"),
    "stands in Slack 2 times": posted_twice,
    "and has no card": without_card,
    "owed to nobody": posted_for_nobody,
    "stands somewhere else": of_the_other,
    "by its own requester": lambda one: rows_changed(one, "decisions", person="U0ADA"),
    "who may not": lambda one: rows_changed(one, "decisions", person="U0MALLORY"),
    "nobody had approved": lambda one: rows_changed(one, "decisions", version=7),
    "takes nothing": lambda one: replace(one, spending=[]),
    "is failed, and takes": lambda one: told_otherwise(one, "succeeded", "failed"),
    "is still owed": lambda one: rows_changed(one, "messages", due=1.0),
    "something of it is due": lambda one: rows_changed(one, "changes", due=1.0),
    "in version 1 of": lambda one: rows_changed(one, "messages", version=9),
    "was told before": lambda one: replace(one, messages=one.messages[::-1]),
    "is owed for request.approved": lambda one: replace(
        one, messages=[row for row in one.messages if row["kind"] not in {"line", "direct"}]
    ),
}


def given_twice(evidence):
    return replace(evidence, posts={key: posts * (1 + ("/file/" in key)) for key, posts in evidence.posts.items()})


def one_row_failed(evidence):
    changes = [one | {"state": "failed"} if one["contact_name"] == "Jane Doe" else one for one in evidence.changes]
    return replace(evidence, changes=changes)


#: the same for a list
OF_LISTS = {
    "stands in Slack 2 times": given_twice,
    "no file is owed": lambda one: replace(one, messages=[row for row in one.messages if row["kind"] != "file"]),
    "its changes are": one_row_failed,
    "does not say that 1 customer now has": one_row_failed,
    "0 told as done, 1 effects": one_row_failed,
    "nobody had approved": lambda one: replace(one, decisions=[]),
    "its thread say 0 times": lambda one: told_otherwise(one, "succeeded", "partly"),
    "takes nothing": lambda one: replace(one, spending=[]),
}


def receipts(evidence, was, instead):
    changes = [one | {"receipt": one["receipt"].replace(was, instead)} for one in evidence.changes]
    return replace(evidence, changes=changes)


def of_program(evidence, **fields):
    return replace(evidence, rewards=replace(evidence.rewards, **fields))


def still_enrolled(evidence):
    (change,) = evidence.changes
    lost = [change | {"action": "revoke"}]
    return replace(of_program(evidence, enrolled=evidence.after), changes=lost)


#: and at Capillary, where promotions have ids
OF_CAPILLARY = {
    "1 times to": lambda one: rows_changed(one, "changes", state="failed"),
    "0 told as done, 1 effects": lambda one: rows_changed(one, "changes", state="failed"),
    "0 times by what was told": lambda one: rows_changed(one, "changes", state="failed"),
    "receipts of each grant": lambda one: receipts(one, "issued 3", "issued 4"),
    "and sent less": lambda one: without_events(one, "change.sent"),
    "is enrolled in it": still_enrolled,
    "by what was told, its provider says otherwise": lambda one: replace(one, after=one.before),
}
#: and of what is granted for a time
OF_ENDS = {
    "has 0 ends instead of 1": lambda one: replace(one, requests=[row for row in one.requests if not row["planned"]]),
    "1 told as done, 0 effects": lambda one: replace(one, effects=one.effects.__class__()),
    "card does not say": lambda one: rows_changed(one, "requests", planned=None, state="unneeded"),
}
#: what is read, something else instead of it, and what is found then
WORDS = (
    ("Done, verified", "Failed:", "card does not say"),
    ("Done, verified", "Done", "thread say 0 times"),
    ("Jane Doe", "Sam Rivers", "does not say that Jane Doe now has"),
)


@pytest.fixture
async def told(desk):
    """One request that was carried out, one that was denied; and what there was before them."""
    before = held(desk.kajabi)
    await done(desk, GRANT)
    card, _ = await desk.asks(desk.ada, ANOTHER)
    await desk.grace.types("@Offerdesk deny too expensive", thread=card)
    await desk.ada.sees("denied it", in_="dm")
    await all_told(desk)
    assert (await case_of(desk, card)).request.state == "denied"
    path = database_path(desk.settings.database_url)
    return gathered(desk.town, desk.kajabi, path, before=before), path


@over_http
async def test_it_finds_whatever_is_wrong_and_nothing_else(told):
    evidence, path = told
    assert disagreements(evidence, path) == []
    for words, tampered in TAMPERINGS.items():
        found = disagreements(tampered(evidence), path)
        assert any(words in one for one in found), f"{words}: {found}"


@over_http
async def test_it_finds_what_is_wrong_about_a_list(desk):
    before = held(desk.kajabi)
    await desk.ada.types("/offer bulk grant holiday baking because the course starts", channel="#support")
    await desk.ada.sees("Many customers at once", in_="view")
    assert await desk.ada.submits(customer="sam@example.com jane@example.com nobody@example.com") == {}
    card = await desk.grace.sees("Waiting", in_="#support")
    await desk.grace.presses("approve", await desk.grace.sees("Approve", in_=card))
    await desk.ada.sees("2 customers now have", in_=card)
    await all_told(desk)
    path = database_path(desk.settings.database_url)
    evidence = gathered(desk.town, desk.kajabi, path, before=before)

    assert disagreements(evidence, path) == []
    for words, tampered in OF_LISTS.items():
        found = disagreements(tampered(evidence), path)
        assert any(words in one for one in found), f"{words}: {found}"


@pytest.mark.parametrize(("story", "tamperings"), [("issuing", OF_CAPILLARY), ("ending", OF_ENDS)])
async def test_it_finds_what_is_wrong_about_promotions_and_about_ends(story, tamperings):
    async with played(story, action="grant", transport="http") as here:
        evidence = here.evidence()
        assert disagreements(evidence, here.database) == []
        for words, tampered in tamperings.items():
            found = disagreements(tampered(evidence), here.database)
            assert any(words in one for one in found), f"{words}: {found}"


@over_http
async def test_it_reads_what_people_read(told):
    evidence, path = told
    posts = [(post, post.blocks) for found in evidence.posts.values() for post in found]
    for before, after, words in WORDS:
        for post, blocks in posts:
            post.blocks = replaced(blocks, before, after)
        found = disagreements(evidence, path)
        assert any(words in one for one in found), f"{words}: {found}"


def replaced(part, before, after):
    if isinstance(part, dict):
        return {name: replaced(one, before, after) for name, one in part.items()}
    if isinstance(part, list):
        return [replaced(one, before, after) for one in part]
    return part.replace(before, after) if isinstance(part, str) else part


@over_http
async def test_it_follows_the_chain_of_the_audit(desk, told):
    evidence, path = told
    await desk.stop()
    with closing(sqlite3.connect(path)) as sqlite, sqlite:
        with suppress(sqlite3.OperationalError):
            sqlite.execute("drop trigger event_unchanged")
        sqlite.execute("update event set person = 'U0LINUS' where name = 'request.approved'")

    assert any("chain is broken at line" in one for one in disagreements(evidence, path))

"""Do the provider, the store and what people were told agree? Every disagreement, in words.

Nothing here asks the bot: rows are read as they stand on disk, Slack as people see it, Kajabi in its own books.
"""

import json
from collections import Counter
from collections.abc import Iterator

from bot.sandbox.kajabi.books import Footprint
from bot.store import open_archive
from tests.faults import rewards, telling

#: nothing more happens to a request by itself
REST = {"succeeded", "failed", "partly", "unneeded", "denied", "expired", "cancelled"}
#: after which it is asked, or ruled, anew
SHOWN = {"request.prepared", "request.drifted"}
#: where the last event of a request leads
LEADS_TO = {f"request.{state}": state for state in REST} | {"request.returned": "cancelled"}


def disagreements(evidence, database) -> list[str]:
    """All of them; none when everything agrees."""
    with open_archive(f"sqlite:///{database}") as archive:
        proof = archive.verify()
    broken = [f"the audit's chain is broken at line {proof.broken}"] if proof.broken is not None else []
    found = (_store, _decisions, _spending, _provider, rewards.disagreements, telling.disagreements)
    return [*broken, *(one for look in found for one in look(evidence))]


def _store(evidence) -> Iterator[str]:
    """Everything has come to rest, and the history tells the same as the row."""
    for request in evidence.requests:
        name, state = request["id"], request["state"]
        if state not in REST:
            yield f"{name} is still {state}"
        for row in [request, *evidence.of(evidence.changes, request)]:
            if row["due"] is not None:
                yield f"{name} is {state}, and something of it is due"
        ends = [LEADS_TO[one["name"]] for one in evidence.of(evidence.events, request) if one["name"] in LEADS_TO]
        if ends[-1:] != [state]:
            yield f"{name} is {state}, and its history ends with {ends[-1:]}"
        states = {one["state"] for one in evidence.of(evidence.changes, request) if one["plan"] in {"", "do"}}
        if state in {"succeeded", "failed", "unneeded", "cancelled"} and states != {state}:
            yield f"{name} is {state}, and its changes are {sorted(states)}"
        ends = [one for one in evidence.requests if one["parent"] == name and one["planned"] is not None]
        timed = [one for one in evidence.of(evidence.changes, request) if one["term"] or request["term"]]
        owed = sum(one["state"] == "succeeded" and one["action"] == "grant" for one in timed)
        moved = sum(one["state"] == "unneeded" and one["action"] == "grant" for one in timed)
        if not owed <= len(ends) <= owed + moved:
            yield f"{name} has {len(ends)} ends instead of {owed}, and {moved} that it may have moved"


def _decisions(evidence) -> Iterator[str]:
    """Whatever was sent had been approved, in this version, by somebody else who may."""
    approvers = set(evidence.town.workspace.group("offer-approvers").members)
    for request in evidence.requests:
        name, made = request["id"], evidence.of(evidence.decisions, request)
        for one in made:
            if one["person"] == request["requester"]:
                yield f"{name} was decided by its own requester"
            if one["person"] not in approvers:
                yield f"{name} was decided by {one['person']}, who may not"
        versions = Counter(one["version"] for one in made)
        enough = 1 + len(json.loads(request["preview"]).get("additions", ()))
        yield from (
            f"{name} was decided {times} times in version {one}"
            for one, times in versions.items()
            if times > (enough if one == request["version"] else 1)
        )
        last = next((one["choice"] for one in made if one["version"] == request["version"]), None)
        if last is None and _by_the_policy(evidence, request):
            last = "approve"
        sent = any(one["name"] == "change.sent" for one in evidence.of(evidence.events, request))
        if last != "approve" and (sent or request["state"] in {"succeeded", "failed", "unneeded"}):
            yield f"{name} is {request['state']}, and nobody had approved what was shown last"
        if (last == "deny") != (request["state"] == "denied"):
            yield f"{name} is {request['state']}, and the last decision was {last}"


def _by_the_policy(evidence, request) -> bool:
    """Whether nobody but a rule has approved it, as it was shown last."""
    shown = [one for one in evidence.of(evidence.events, request) if one["name"] in SHOWN | {"request.approved"}]
    return [one["name"] in SHOWN for one in shown[-2:]] == [True, False] and bool(shown[-1]["data"].get("automatic"))


def _spending(evidence) -> Iterator[str]:
    """What was granted, for longer too, or revoked is taken from quotas and budgets, and nothing else is.

    What ends by itself counts in none.
    """
    taken = {one["request_id"] for one in evidence.spending}
    for request in (one for one in evidence.requests if one["planned"] is None):
        prolongs = request["state"] == "unneeded" and "moves" in json.loads(request["preview"])
        if (request["id"] in taken) != (request["state"] in {"succeeded", "partly"} or prolongs):
            yield f"{request['id']} is {request['state']}, and {'takes' if request['id'] in taken else 'takes nothing'}"


def _provider(evidence) -> Iterator[str]:
    """Each success is one effect, nothing else is any, and no call was made that was not written down first."""
    succeeded: Counter[Footprint] = Counter()
    sent: Counter[Footprint] = Counter()
    for one in (row for row in evidence.changes if row["state"] == "succeeded"):
        succeeded[one["action"], one["contact_id"], one["offer_id"]] += 1
    for one in (row["data"] for row in evidence.events if row["name"] in {"change.sent", "change.resent"}):
        sent[one["action"], one["contact"], one["offer"]] += 1
    for what in succeeded.keys() | evidence.effects.keys():
        if succeeded[what] != evidence.effects[what]:
            yield f"{_named(evidence, what)}: {succeeded[what]} told as done, {evidence.effects[what]} effects"
    for what, times in evidence.writes.items():
        if times > sent[what]:
            yield f"{_named(evidence, what)}: its provider was asked {times} times, the audit knows of {sent[what]}"
    for target in {what[1:] for what in succeeded} | evidence.before | evidence.after:
        last = evidence.last_of(target)
        if last is not None and rewards.is_in_part(last):
            continue  # neither held nor not
        expected = (target in evidence.before) + succeeded["grant", *target] - succeeded["revoke", *target]
        if expected != (target in evidence.after):
            yield f"{_named(evidence, ('hold', *target))}: {expected} by what was told, its provider says otherwise"


def _named(evidence, footprint) -> str:
    action, contact, offer = footprint
    about = [one["request_id"] for one in evidence.changes if (one["contact_id"], one["offer_id"]) == (contact, offer)]
    return f"{action} {evidence.titles.get(offer, offer)} for contact {contact} ({', '.join(about) or 'no request'})"

"""What the result file says of a row: a sentence for whatever may have happened."""

import re
from pathlib import Path

import pytest

import bot
from bot.domain import errors
from bot.domain.errors import NotAllowed
from bot.domain.request import Action, Offer, Person, Request, State
from bot.domain.row_outcomes import outcome_of
from bot.words.rows import told

SOURCES = ("executor.py", "list_executor.py", "comparison.py", "domain/attempt.py")
#: what is noted of something else: of what took effect, of requests, of the end of a grant to one customer; a type
OTHERS = {"Unseen", "TakenBack", "Bought", "IdsNeeded", "GivenOtherwise", "Answer"}
REQUEST = Request(
    id="R-4F7K",
    action=Action.GRANT,
    provider="kajabi",
    state=State.PARTLY,
    requester=Person("T1", "U1"),
    channel="C1",
    offer=Offer(provider="kajabi", id="7", title="Bundle"),
    reason="the autumn class",
    created=1.0,
    updated=1.0,
)


def why(code: str, state: str = "failed") -> str:
    row = {
        "line": 2,
        "address": "jane@example.com",
        "state": state,
        "error": code,
        "plan": "do",
        "receipt": "",
        "verified": None,
        "sent": None,
        "reason": "",
    }
    return told(outcome_of(row, REQUEST, term=None)).why


def codes() -> set[str]:
    """Name all that is noted of a row: short words in quotation marks, and what may take an approval away."""
    texts = [Path(bot.__file__).with_name(name).read_text() for name in SOURCES[:3]]
    texts.append((Path(bot.__file__).parent / SOURCES[3]).read_text())
    noted = {word for text in texts for word in re.findall(r"\"([A-Z][a-z]+(?:[A-Z][a-z]+)*)\"", text)}
    taken = {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, NotAllowed)}
    return (noted | taken) - OTHERS


def test_the_codes_are_found():
    assert {"Busy", "NotSeen", "OfferGone", "OfferChanged", "ApprovalTooOld", "Overdrawn", "InPart"} <= codes()


@pytest.mark.parametrize("code", sorted(codes() | {"TermOver", "EndsLater", "OfferElsewhere", "ContactAmbiguous"}))
@pytest.mark.parametrize("given_up", [False, True])
def test_every_code_has_a_sentence(code, given_up):
    said = why(f"GaveUp: {code}" if given_up else code)

    assert code not in said
    assert re.fullmatch(r"[A-Z].* .*\.", said)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("GaveUp: Busy", "The provider did not take it for too long. Another change for the same customer and offer"),
        (
            "GaveUp: Unavailable: http_503",
            "The provider did not take it for too long. It could not be reached: http_503",
        ),
        ("InPart: enrolment 12, and no more: held back", "Only a part of it was done: enrolment 12, and no more: held"),
        ("ContactAmbiguous: several contacts have this address", "Several contacts have this address there: merge"),
        ("8089: the customer exists but is not in the loyalty program", "the customer exists but is not in the"),
        ("Rejected: no such site", "no such site"),
        ("ends: It is taken back by itself on 2031-05-01 (UTC).", "It is held for a time by a grant"),
        ("8089", "8089"),
    ],
)
def test_the_words_of_the_provider_are_told_where_they_say_more(code, says):
    assert why(code).startswith(says)

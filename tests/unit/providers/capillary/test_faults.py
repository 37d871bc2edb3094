"""Every documented code has its sentence; every other one is shown as it came."""

import re
from pathlib import Path

import pytest
import yaml

from bot.domain.errors import Rejected, Unavailable, Unknown
from bot.providers.capillary.faults import OF_THE_CALL, Fault, explained, faults_in, faults_of, tells
from bot.providers.capillary.words import FAULTS

SPECS = Path(__file__).parents[3] / "contract/specs"
CONTRACT = yaml.safe_load((SPECS / "capillary.yaml").read_text())
REFERENCE = CONTRACT["components"]["schemas"]["ApiMessage"]["x-page-error-codes"]
ELSEWHERE = yaml.safe_load((SPECS / "capillary-codes.yaml").read_text())
CODES = sorted({str(code) for codes in (REFERENCE, *ELSEWHERE.values()) for code in codes}, key=int)
UNTIL_LATER = {"521", "4001"}
#: 8896 is said of customers who are not known, and of what failed on the way
NOBODY_KNOWS = {"461", "500", "503", "8896"}


@pytest.mark.parametrize("code", CODES)
def test_every_documented_code_has_a_sentence_of_its_own(code):
    fault = Fault(int(code), "their words")

    assert "their words" not in fault.sentence
    assert fault.sentence[0].islower()
    assert not fault.sentence.endswith(".")


def test_no_code_has_a_sentence_that_no_page_documents():
    assert {str(code) for code in FAULTS} == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_code_says_whether_it_happened(code):
    error = Fault(int(code)).as_error()

    assert type(error) is (Unavailable if code in UNTIL_LATER else Unknown if code in NOBODY_KNOWS else Rejected)
    assert error.code == code


@pytest.mark.parametrize("code", sorted(NOBODY_KNOWS))
def test_a_read_that_fails_has_changed_nothing(code):
    assert type(Fault(int(code)).as_error(writes=False)) is Unavailable


def test_a_code_that_nobody_knows_is_shown_as_it_came():
    assert Fault(31337, "the moon is full.").sentence == "the moon is full (code 31337)"


@pytest.mark.parametrize("hostile", ["a\x00b\x1b[31m", "x" * 100_000, "\u202etxt.exe", "line\none"])
def test_words_from_outside_are_cleaned_and_cut(hostile):
    said = Fault(31337, hostile).sentence

    assert said.isprintable()
    assert len(said) < 250


@pytest.mark.parametrize(
    "private",
    [
        "jane@example.com",
        "+919111111111",
        "423927867",
        "+91 91111 11111",
        "91-9111-111111",
        "(0170) 123 45 67",
        "+1 (555) 010-9999",
    ],
)
def test_nobody_is_named_in_words_from_outside(private):
    assert private not in Fault(31337, f"no such customer {private} here").sentence


def test_a_sentence_of_the_call_is_one_of_those_that_have_one():
    assert FAULTS.keys() >= OF_THE_CALL


@pytest.mark.parametrize(
    ("document", "codes"),
    [
        ({"errors": [{"status": False, "code": 8015, "message": "x"}]}, [8015]),
        ({"errors": [{"code": "8015"}]}, [8015]),
        ({"errors": [{"code": True}]}, [None]),
        ({"errors": ["plain words"]}, [None]),
        ({"errors": None, "data": {}}, []),
        ({"errors": []}, []),
        ({"status": {"code": 4053, "message": "x"}}, [4053]),
        ({"status": {"code": 4053}, "data": None}, [4053]),
        ({"status": {"code": 200}, "data": []}, []),
        ({"status": "down"}, []),
        ("text", []),
        (None, []),
    ],
)
def test_errors_are_found_in_each_of_their_envelopes(document, codes):
    assert [fault.code for fault in faults_of(document)] == codes


@pytest.mark.parametrize(
    ("status", "document", "read"),
    [
        (400, {"errors": [{"code": 8015}]}, True),
        (400, {"response": []}, True),
        (404, {"message": "no such path"}, False),
        (401, {"errors": [{"code": 1}]}, False),
        (498, {"errors": [{"code": 498}]}, False),
        (429, {"errors": [{"code": 1}]}, False),
        (500, {"errors": [{"code": 8015}]}, False),
        (503, {"errors": [{"code": 4001}]}, True),
        (503, {"errors": [{"code": 503}]}, False),
    ],
)
def test_a_refusal_is_read_only_where_its_document_says_more_than_its_status(status, document, read):
    assert tells(status, document) is read


def test_the_words_of_a_whole_refusal_name_each_reason():
    assert explained({"errors": [{"code": 8899}, {"code": 31337, "message": "full"}]}).endswith("; full (code 31337)")


def test_no_sentence_holds_what_only_a_customer_has():
    assert not [said for said in FAULTS.values() if re.search(r"\d{7,}|@", said)]


def test_a_number_too_long_for_a_code_is_none():
    assert faults_in([{"code": "9" * 5000}])[0].code is None

"""What a read does not say in a way that can be understood is not known: it never counts as not held."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.providers.base import Answer
from bot.providers.capillary.calls import Calls
from bot.providers.capillary.meaning import Standing, holding_from, standing_in
from bot.providers.capillary.memory import standing_of
from bot.providers.capillary.settings import CapillarySettings

NOW = 1_800_000_000.0
PROMOTION = "5"
AFTER = "2099-12-31T23:59:59Z"
#: whatever JSON can hold, and Python reads as such
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
ANYTHING = st.recursive(SCALARS, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=5), one))


def item(timelines, **more) -> dict:
    return {
        "promotionId": 5,
        "programId": 1,
        "pointsOfferType": "LOYALTY",
        "customerPromotionTimelines": timelines,
    } | more


@pytest.mark.parametrize("odd", [7, True, {}, {"a": 1}, "x", ["x"], [None], [{}], [{"issualId": 840.0}]])
def test_issues_that_cannot_be_read_are_not_known(odd):
    assert standing_in(item([{"enrollmentId": 1, "issuedDetails": odd}]), NOW).untold


@pytest.mark.parametrize("odd", [None, "x", 7, [], {}, {"issuedDetails": None}, {"enrollmentId": 847.0}])
def test_timelines_that_cannot_be_read_are_not_known(odd):
    assert standing_in(item([odd]), NOW).untold


@pytest.mark.parametrize("none", [{}, {"issuedDetails": None}, {"issuedDetails": []}])
def test_who_is_enrolled_and_of_whom_no_issue_is_told_was_issued_nothing(none):
    standing = standing_in(item([{"enrollmentId": 847, **none}], pointsOfferType="LOYALTY_EARNING"), NOW)

    assert standing == Standing(enrolment="847")


@pytest.mark.parametrize("name", ["promotionId", "programId", "pointsOfferType"])
@given(odd=ANYTHING)
def test_a_held_promotion_is_never_read_as_not_held_for_what_is_odd_about_it(name, odd):
    told = item([{"enrollmentId": 847, "issuedDetails": [{"issualId": 840, "issualExpiryDate": AFTER}]}], **{name: odd})
    others = str(odd).isdigit() and type(odd) in (int, str)
    standing = standing_of(read([told]), PROMOTION, NOW)

    assert others or standing.untold or standing.issued == ("840",)


@given(timelines=ANYTHING)
def test_timelines_of_any_shape_are_read_and_what_is_odd_about_them_is_never_nothing(timelines):
    standing = standing_in(item(timelines), NOW)
    holding_from(item(timelines), PROMOTION, standing)

    assert (standing == Standing()) == (timelines == [])


@given(
    expiry=ANYTHING,
    redeemed=ANYTHING,
    more=st.dictionaries(st.sampled_from(["issualDate", "issualDateISO", "issualEventLogId"]), ANYTHING),
)
def test_an_issue_is_read_whatever_else_is_told_of_it(expiry, redeemed, more):
    issue = {"issualId": 840, "issualExpiryDateISO": AFTER, "issualExpiryDate": expiry, "redeemedCount": redeemed}
    standing = standing_in(item([{"enrollmentId": 1, "issuedDetails": [issue | more]}]), NOW)

    assert standing.issued == ("840",)
    assert holding_from(item([]), PROMOTION, standing) is not None


@pytest.mark.parametrize("odd", [math.nan, math.inf, 10**400])
def test_a_time_that_is_none_ends_nothing(odd):
    standing = standing_in(item([{"issuedDetails": [{"issualId": 840, "issualExpiryDate": odd}]}]), NOW)

    assert standing.issued == ("840",)


@pytest.mark.parametrize("odd", [[7], ["x"], [None], [[]]])
def test_what_is_no_promotion_makes_the_list_no_answer(odd):
    with pytest.raises(Exception, match="makes no sense"):
        read(odd)


def read(promotions):
    """As the calls read a page that holds these."""
    return next(iter(_run(Calls(_Page(promotions), CapillarySettings(api_url="https://x", program_id=1)))))


def _run(calls):
    """Without a loop: nothing here waits."""
    reading = calls.promotions_of("7")
    try:
        reading.send(None)
    except StopIteration as done:
        yield done.value


class _Page:
    def __init__(self, promotions):
        self.promotions = promotions

    async def send(self, _):
        whole = {"customerId": 7, "promotions": self.promotions, "pageDetails": {"totalEntries": len(self.promotions)}}
        return Answer(status=200, document=json.loads(json.dumps(whole)))

    async def enter(self):
        return ""

    async def close(self):
        """Nothing waits."""

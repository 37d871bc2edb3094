"""What nobody knows of the real Capillary: whichever way it is, nothing is claimed that is not so, and nobody stuck."""

import pytest

from bot.domain.errors import ProviderError, Rejected
from bot.domain.request import Action, Contact
from bot.sandbox.capillary import Conduct, Kind
from tests.contract.capillary_program import program
from tests.contract.provider_worlds import read

REVOKE = "/v2/promotion/bulk/revokeEnrolAndEarn"
POSITIONS = [
    {"batch_limit": 1},
    {"empty_earn_ids": "refused"},
    {"enrolment_id": "revokedIssualId"},
    {"failure_status": 400},
    {"iso_dates": False},
    {"issued_ids": "other"},
    {"limit_after_revoke": "given back"},
    {"masked": True},
    {"not_found_status": 404},
    {"nothing_to_revoke": 8903},
    {"primary_identifier": "email"},
    {"remaining_issues": "dropped"},
    {"remaining_issues": "kept"},
    {"replaced_enrolment": "drops issues"},
    {"revoked_entries": "listed"},
    {"timelines": False},
    {"unheld_promotions": "left out"},
    {"unknown_customer": 8896},
    {"lower_case_source": "refused"},
]


def named(customer) -> Contact:
    return Contact(provider="capillary", address=customer.identifiers["email"])


@pytest.mark.parametrize("position", POSITIONS, ids=str)
@pytest.mark.parametrize("kind", [Kind.DIRECT, Kind.ENROL_AND_ISSUE])
async def test_what_is_granted_is_revoked_again_in_every_position(position, kind):
    async with program(Conduct(**position)) as there:
        promotion, jane = there.promotion(kind), there.customer()
        granted = await there.grant(promotion, jane)
        held = await read(there.provider, named(jane), str(promotion.id))
        revoked = await there.revoke(promotion, jane)
        left = await read(there.provider, named(jane), str(promotion.id))

        assert (type(granted), type(revoked)) == (str, str)
        assert (held.holding(str(promotion.id)) is not None) == (str(promotion.id) not in held.untold)
        assert left.holding(str(promotion.id)) is None
        assert there.local.holds(jane) == set()


# --- what was taken back, and is listed all the same -----------------------------------------------------------------


async def test_what_was_taken_back_and_is_still_listed_is_neither_held_nor_known_to_be_gone():
    async with program(Conduct(revoked_entries="listed", limit_after_revoke="given back")) as there:
        promotion, jane = there.promotion(), there.customer()
        await there.grant(promotion, jane)
        await there.revoke(promotion, jane)
        listed = await read(there.provider, named(jane), str(promotion.id))
        again = await there.grant(promotion, jane)
        held = await read(there.provider, named(jane), str(promotion.id))
        await there.revoke(promotion, jane)

        assert listed.untold == listed.stale == {str(promotion.id)}
        assert listed.holding(str(promotion.id)) is None
        assert (held.untold, held.foreign, held.unnamed) == (frozenset(), frozenset(), frozenset())
        assert f"issued as {again.rpartition(' ')[2]}" in held.holdings[0].details[1]
        assert there.local.holds(jane) == set()


async def test_an_enrolment_that_was_ended_and_is_still_listed_is_not_taken_for_the_one_that_was_lost():
    async with program(Conduct(revoked_entries="listed", limit_after_revoke="given back")) as there:
        promotion, jane = there.promotion(), there.customer()
        await there.grant(promotion, jane)
        await there.revoke(promotion, jane)
        there.local.trouble("timeout_before", method="POST", path="*/enrolAndEarn", times=1, closed=True)
        answer = await there.grant(promotion, jane)

        assert isinstance(answer, ProviderError)
        assert "enrolment" not in answer.detail


# --- ids that this bot was given, and others -------------------------------------------------------------------------


async def refused_unsent(there, promotion, customer) -> None:
    reading = await read(there.provider, named(customer), str(promotion.id))
    before = len(there.local.called("POST", REVOKE))
    answer = await there.revoke(promotion, customer)

    assert reading.unnamed == {str(promotion.id)}
    assert (type(answer), answer.code) == (Rejected, "not_ours")
    assert len(there.local.called("POST", REVOKE)) == before


async def test_an_earlier_id_that_others_have_revoked_is_not_named_with_the_one_that_is_held():
    async with program(Conduct(issued_ids="other", limit_after_revoke="given back")) as there:
        promotion, jane = there.promotion(Kind.DIRECT), there.customer()
        await there.grant(promotion, jane)
        there.local.take_back(jane, promotion)
        issued = (await there.grant(promotion, jane)).rpartition(" ")[2]
        await refused_unsent(there, promotion, jane)

        assert await there.revoke(promotion, jane, issued) == f"revoked {issued}"


async def test_an_earlier_id_that_has_expired_is_not_named_with_the_one_that_is_held():
    async with program(Conduct(issued_ids="other")) as there:
        promotion, jane = there.promotion(Kind.DIRECT), there.customer()
        await there.grant(promotion, jane)
        for issue in there.local.books.issued(jane, promotion):
            issue.expires -= 10**9
        await there.grant(promotion, jane)

        await refused_unsent(there, promotion, jane)


async def test_an_id_that_turns_out_to_be_gone_while_another_one_is_held_asks_for_that_one():
    async with program(Conduct(limit_after_revoke="given back")) as there:
        promotion, jane = there.promotion(Kind.DIRECT), there.customer()
        await there.grant(promotion, jane)
        there.local.take_back(jane, promotion)
        there.local.issue(jane, promotion)
        answer = await there.revoke(promotion, jane)

        assert (type(answer), answer.code) == (Rejected, "not_ours")
        assert "give its earned ids" in answer.detail


# --- limits of a call ------------------------------------------------------------------------------------------------


async def test_a_call_for_more_customers_than_it_may_name_is_made_anew_for_fewer():
    async with program(Conduct(batch_limit=10), batch=100) as there:
        promotion = there.promotion(Kind.DIRECT)
        customers = [there.customer(f"C{number}") for number in range(20)]
        answers = await there.make(Action.GRANT, promotion, *customers)

        assert all(isinstance(answer, str) for answer in answers)
        assert there.made("EARN") == 20


async def looked_at(there, promotion) -> list:
    """Four customers who were read a moment ago, so that only the call itself finds out what is wrong by then."""
    customers = [there.customer(f"C{number}") for number in range(4)]
    for one in customers:
        await read(there.provider, named(one), str(promotion.id))
    return customers


@pytest.mark.parametrize("order", ["sent", "reversed", "successes first"])
async def test_a_failure_that_names_nobody_is_theirs_of_whom_nothing_else_was_said(order):
    async with program(Conduct(response_order=order), batch=100) as there:
        promotion = there.promotion(Kind.DIRECT)
        customers = await looked_at(there, promotion)
        customers[1].loyal = customers[3].loyal = False
        answers = await there.make(Action.GRANT, promotion, *customers)

        assert [getattr(one, "code", "done") for one in answers] == ["done", "8089", "done", "8089"]
        assert len(there.local.called("POST", "*/enrolAndEarn")) == 1


async def test_failures_for_two_reasons_are_told_as_either():
    async with program(batch=100) as there:
        promotion = there.promotion(Kind.DIRECT)
        customers = await looked_at(there, promotion)
        customers[1].loyal, customers[3].merged_into = False, customers[0].id
        answers = await there.make(Action.GRANT, promotion, *customers)

        assert [type(one) for one in answers] == [str, Rejected, str, Rejected]
        assert answers[1] is answers[3]
        assert "without saying whose" in answers[1].detail


# --- reads that are served no more -----------------------------------------------------------------------------------


async def test_where_the_lists_of_promotions_are_served_no_more_the_check_says_what_to_ask():
    async with program(Conduct(legacy_reads="gone")) as there:
        failed = [one for one in await there.provider.check() if not one.ok]

    assert [one.name for one in failed] == ["Capillary program"]
    assert "ask Capillary's support whether /api_gateway/loyalty/v1/programs is served" in failed[0].says

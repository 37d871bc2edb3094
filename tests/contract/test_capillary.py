"""What is Capillary's own: two steps, ids that must be named, answers that name nobody, reads that do not tell."""

from dataclasses import replace

import pytest

from bot.domain.errors import OfferElsewhere, Rejected, Unavailable, Unknown, Withheld
from bot.domain.request import Action, Contact
from bot.pacing import calm, is_calm
from bot.ports import OfferQuery
from bot.sandbox.capillary import Conduct, Kind
from tests.contract.capillary_program import program
from tests.contract.provider_worlds import Unpaced, read

GRANT, REVOKE = "/v2/promotion/bulk/enrolAndEarn", "/v2/promotion/bulk/revokeEnrolAndEarn"
HELD = "/v2/customers/lookup/promotionData"


def sent(local, path: str) -> list[dict]:
    return [call.body for call in local.called("POST", path)]


def steps(local) -> list[str]:
    return [one["bulkAction"] for path in (GRANT, REVOKE) for one in sent(local, path)]


def named(address: str) -> Contact:
    return Contact(provider="capillary", address=address)


# --- customers and promotions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["jane@example.com", "+919111111111", "ext:AbC-1", "id:4711"])
async def test_a_customer_is_found_by_whatever_names_them(address):
    async with program() as there:
        there.local.add_customer(
            "Jane", "Miller", email="jane@example.com", mobile="919111111111", external_id="AbC-1", number=4711
        )
        reading = await read(there.provider, named(address))

    assert reading.contact is not None
    assert (reading.contact.id, reading.contact.name, reading.contact.address) == ("4711", "Jane Miller", address)


@pytest.mark.parametrize("address", ["nobody@example.com", "+919", "+919999999999", "ext:no", "id:1", "plain words"])
async def test_who_is_not_there_reads_as_nobody(address):
    async with program() as there:
        assert (await read(there.provider, named(address))).contact is None


@pytest.mark.parametrize(
    ("conduct", "calls"),
    [
        (Conduct(), ["lookup/promotionData"]),
        (Conduct(whose_promotions="not told"), ["lookup/promotionData", "lookup", "lookup/promotionData"]),
    ],
)
async def test_one_call_finds_a_customer_and_what_they_hold_where_it_says_whose_that_is(conduct, calls):
    async with program(conduct) as there:
        promotion, jane = there.promotion(), there.customer()
        there.local.issue(jane, promotion)
        found = await read(there.provider, replace(named("jane@example.com"), name="Jane"))
        told = [call.path.partition("/v2/customers/")[2] for call in there.local.called("GET")]

        assert found.contact is not None
        assert found.contact.id == str(jane.id)
        assert found.holding(str(promotion.id)) is not None
        assert told == calls


async def test_an_id_is_a_number_however_many_noughts_it_is_written_with():
    async with program() as there:
        there.local.add_customer("Jane", number=42)
        reading = await read(there.provider, named("id:0042"))

    assert reading.contact is not None
    assert reading.contact.id == "42"


@pytest.mark.parametrize("status", [200, 400, 404])
async def test_nobody_is_nobody_with_any_status(status):
    async with program(Conduct(not_found_status=status)) as there:
        assert (await read(there.provider, named("nobody@example.com"))).contact is None


async def test_what_everybody_has_is_neither_offered_nor_held_and_says_so():
    async with program() as there:
        everybodys, jane = there.promotion(Kind.GENERIC), there.customer()
        with pytest.raises(Rejected) as caught:
            await there.provider.offer(str(everybodys.id))

        assert "everyone has this promotion already" in caught.value.detail
        assert await there.provider.list_offers(OfferQuery()) == []
        assert (await read(there.provider, named(f"id:{jane.id}"))).holdings == ()


async def test_a_promotion_of_another_program_is_not_ours():
    async with program() as there:
        foreign = there.local.add_promotion("Elsewhere", program=there.local.add_program("Other"))

        try:
            found = await there.provider.offer(str(foreign.id))
        except OfferElsewhere:
            found = None
        assert found is None
        assert await there.provider.list_offers(OfferQuery()) == []


@pytest.mark.parametrize("missing", ["empty", "error"])
async def test_a_promotion_that_is_not_there_is_none(missing):
    async with program(Conduct(missing_promotion=missing)) as there:
        assert await there.provider.offer("999") is None


@pytest.mark.parametrize("counted", ["number", "text", "not told"])
@pytest.mark.parametrize("first_page", [0, 1])
@pytest.mark.parametrize("count", [0, 1, 20, 21, 50])
async def test_all_promotions_are_listed_wherever_pages_begin_and_whatever_they_tell(first_page, count, counted):
    conduct = Conduct(first_page=first_page, promotions_page=20, promotions_counted=counted)
    assert await listed(conduct, count) == [f"P{number:03}" for number in range(count)]


@pytest.mark.parametrize("counted", ["number", "not told"])
@pytest.mark.parametrize("count", [1, 20, 50])
async def test_a_page_that_there_is_not_may_be_refused(count, counted):
    conduct = Conduct(promotions_page=20, promotions_counted=counted, beyond_pages="refused")
    assert len(await listed(conduct, count)) == count


async def listed(conduct: Conduct, count: int) -> list[str]:
    async with program(conduct) as there:
        for number in range(count):
            there.local.add_promotion(f"P{number:03}")
        return [one.title for one in await there.provider.list_offers(OfferQuery())]


async def test_a_promotion_that_is_not_live_can_be_read_but_not_granted():
    async with program() as there:
        over = there.promotion(ends=-60.0)
        offer = await there.provider.offer(str(over.id))

        assert offer is not None
        assert not offer.listed
        assert await there.provider.list_offers(OfferQuery()) == []


async def test_what_is_held_is_told_with_its_ids_and_how_often_it_was_redeemed():
    async with program() as there:
        held, jane = there.promotion(redemptions=5), there.customer()
        issue = there.local.issue(jane, held)
        issue.redeemed = 2
        (holding,) = (await read(there.provider, named(f"id:{jane.id}"))).holdings

    assert holding.title == "Double Points"
    assert not holding.partly
    enrolled, issued = holding.details
    assert enrolled.startswith("enrolled until 2")
    assert issued.startswith(f"issued as {issue.id}, redeemed 2 times, until 2")


async def test_what_has_expired_is_held_no_more():
    async with program() as there:
        held, jane = there.promotion(lasts=60.0), there.customer()
        issue = there.local.issue(jane, held)
        issue.expires -= 120.0
        for enrolment in there.local.books.enrolments[jane.id]:
            enrolment.expires -= 180.0
        (holding,) = (await read(there.provider, named(f"id:{jane.id}"))).holdings

    assert (holding.active, holding.ended_reason) == (False, "expired")
    assert holding.ended == pytest.approx(issue.expires, abs=1.0)


# --- granting --------------------------------------------------------------------------------------------------------


async def test_direct_issue_is_one_step_and_enrol_and_issue_are_two():
    async with program() as there:
        jane = there.customer()
        direct = await there.grant(there.promotion(Kind.DIRECT), jane)
        both = await there.grant(there.promotion(), jane)

        assert direct.startswith("issued ")
        assert both.startswith("enrolment ")
        assert ", issued " in both
        assert steps(there.local) == ["EARN", "ENROL", "EARN"]


async def test_who_is_enrolled_already_is_not_enrolled_again():
    async with program() as there:
        promotion, jane = there.promotion(), there.customer()
        there.local.enrol(jane, promotion)
        before = await read(there.provider, named(f"id:{jane.id}"))
        await there.grant(promotion, jane)

        assert before.holdings[0].partly
        assert steps(there.local) == ["EARN"]


async def test_who_has_it_already_is_not_issued_another_one():
    async with program() as there:
        promotion, jane = there.promotion(), there.customer()
        there.local.issue(jane, promotion)

        assert isinstance(await there.grant(promotion, jane), Rejected)
        assert steps(there.local) == []


async def test_calls_say_all_that_is_required_and_no_more():
    async with program() as there:
        promotion, jane = there.promotion(Kind.DIRECT), there.customer()
        await there.grant(promotion, jane)

        assert sent(there.local, GRANT) == [
            {
                "type": "CUSTOMER",
                "bulkAction": "EARN",
                "promotionDetails": {"programId": promotion.program_id, "promotionId": promotion.id},
                "identifierName": "id",
                "customers": [{"identifierValue": str(jane.id), "source": "INSTORE"}],
            }
        ]


async def test_a_used_up_limit_is_a_refusal_though_it_looks_like_success():
    async with program() as there:
        promotion, jane = there.promotion(Kind.DIRECT), there.customer()
        there.local.trouble("used_up", method="POST", path=GRANT)
        answer = await there.grant(promotion, jane)

    assert isinstance(answer, Rejected)
    assert answer.code == "8890"


async def test_a_second_step_that_is_refused_says_that_the_first_was_done():
    async with program() as there:
        promotion, jane = there.promotion(issues=0), there.customer()
        answer = await there.grant(promotion, jane)

        assert isinstance(answer, Rejected)
        assert answer.code == "InPart"
        assert answer.detail.startswith("enrolment ")
        assert "limit" in answer.detail
        assert there.made("ENROL") == 1


async def test_a_second_step_that_comes_at_a_bad_time_says_that_the_first_was_done():
    async with program() as there:
        promotion, jane = there.promotion(), there.customer()

        async def permit(_):
            if there.made("ENROL"):
                there.local.trouble("busy", method="POST", path=GRANT)
            return True

        (answer,) = await there.make(Action.GRANT, promotion, jane, permit=permit)

        assert (type(answer), answer.code) == (Rejected, "InPart")
        assert answer.detail.startswith("enrolment ")


async def test_an_enrolment_whose_answer_was_lost_is_read_and_then_gone_on_with():
    async with program() as there:
        promotion, jane = there.promotion(), there.customer()
        there.local.trouble("timeout_after", method="POST", path=GRANT, times=1, closed=True)
        answer = await there.grant(promotion, jane)

        assert isinstance(answer, str)
        assert (there.made("ENROL"), there.made("EARN")) == (1, 1)


async def test_an_enrolment_that_cannot_be_seen_is_unknown_and_not_repeated():
    async with program() as there:
        promotion, jane = there.promotion(), there.customer()
        there.local.trouble("timeout_before", method="POST", path=GRANT, times=1, closed=True)
        answer = await there.grant(promotion, jane)

        assert isinstance(answer, Unknown)
        assert steps(there.local) == ["ENROL"]


async def test_an_issue_whose_answer_was_lost_is_unknown_and_not_repeated():
    async with program() as there:
        promotion, jane = there.promotion(Kind.DIRECT), there.customer()
        there.local.trouble("timeout_after", method="POST", path=GRANT, times=1, closed=True)
        answer = await there.grant(promotion, jane)

        assert isinstance(answer, Unknown)
        assert steps(there.local) == ["EARN"]


# --- revoking --------------------------------------------------------------------------------------------------------


async def test_what_the_bot_issued_is_revoked_by_its_ids_and_then_the_enrolment():
    async with program() as there:
        promotion, jane = there.promotion(), there.customer()
        issued = int((await there.grant(promotion, jane)).rpartition(" ")[2])
        answer = await there.revoke(promotion, jane)

        assert answer.startswith(f"revoked {issued}, ended enrolment ")
        assert there.local.holds(jane) == set()
        first, second = sent(there.local, REVOKE)
        assert first["customers"][0]["earnIds"] == [issued]
        assert (second["bulkAction"], "earnIds" in second["customers"][0]) == ("REVOKE_ENROL", False)


async def test_it_works_as_well_where_reads_name_other_ids():
    async with program(Conduct(issued_ids="other")) as there:
        promotion, jane = there.promotion(), there.customer()
        await there.grant(promotion, jane)
        await there.revoke(promotion, jane)

        assert there.local.holds(jane) == set()


async def test_what_somebody_else_issued_is_not_revoked_by_ids_that_nobody_has_proved():
    async with program() as there:
        promotion, jane = there.promotion(), there.customer()
        there.local.issue(jane, promotion)
        answer = await there.revoke(promotion, jane)

        assert isinstance(answer, Rejected)
        assert "CAPILLARY_ISSUED_IDS_PROVED" in answer.detail
        assert steps(there.local) == []


async def test_what_is_issued_twice_is_revoked_only_where_both_are_the_bots():
    async with program() as there:
        promotion, jane = there.promotion(), there.customer()
        await there.grant(promotion, jane)
        there.local.issue(jane, promotion)

        assert isinstance(await there.revoke(promotion, jane), Rejected)
        assert there.made("REVOKE_EARN") == 0


async def test_once_proved_ids_that_reads_show_are_revoked_all_of_them():
    async with program(issued_ids_proved=True) as there:
        promotion, jane = there.promotion(), there.customer()
        ids = [there.local.issue(jane, promotion).id for _ in range(2)]
        await there.revoke(promotion, jane)

        assert sorted(sent(there.local, REVOKE)[0]["customers"][0]["earnIds"]) == sorted(ids)
        assert there.local.holds(jane) == set()


async def test_what_was_issued_revoked_and_issued_again_is_revoked_by_its_new_id():
    async with program(Conduct(limit_after_revoke="given back")) as there:
        promotion, jane = there.promotion(Kind.DIRECT), there.customer()
        await there.grant(promotion, jane)
        await there.revoke(promotion, jane)
        issued = int((await there.grant(promotion, jane)).rpartition(" ")[2])
        await there.revoke(promotion, jane)

        assert sent(there.local, REVOKE)[1]["customers"][0]["earnIds"] == [issued]
        assert there.local.holds(jane) == set()


async def test_an_enrolment_alone_is_ended_without_naming_any_issue():
    async with program() as there:
        promotion, jane = there.promotion(), there.customer()
        there.local.enrol(jane, promotion)
        answer = await there.revoke(promotion, jane)

        assert answer.startswith("ended enrolment ")
        assert steps(there.local) == ["REVOKE_ENROL"]


async def test_ids_that_are_gone_by_the_time_they_are_named_are_read_and_gone_on_from():
    async with program() as there:
        promotion, jane = there.promotion(), there.customer()
        await there.grant(promotion, jane)
        there.local.trouble("refused", method="POST", path=REVOKE, times=1, code=8903)
        still_there = await there.revoke(promotion, jane)

        assert isinstance(still_there, Rejected)
        assert still_there.code == "8903"
        assert there.made("REVOKE_ENROL") == 0


async def test_ids_that_a_person_gave_are_what_is_revoked():
    async with program() as there:
        promotion, jane = there.promotion(Kind.DIRECT), there.customer()
        issues = [there.local.issue(jane, promotion) for _ in range(2)]
        before = await read(there.provider, named(f"id:{jane.id}"))
        unnamed = await there.revoke(promotion, jane)
        too_few = await there.revoke(promotion, jane, str(issues[0].id))
        answer = await there.revoke(promotion, jane, *(str(one.id) for one in issues))

        assert before.unnamed == before.foreign == {str(promotion.id)}
        assert (unnamed.code, too_few.code) == ("not_ours", "too_few")
        assert "2 are issued to the customer, and 1 of their ids were given" in too_few.detail
        assert answer == f"revoked {issues[0].id}, {issues[1].id}"
        assert sent(there.local, REVOKE)[0]["customers"][0]["earnIds"] == [one.id for one in issues]
        assert there.local.holds(jane) == set()


async def test_ids_that_a_person_gave_are_sent_where_reads_do_not_tell():
    async with program(Conduct(timelines=False)) as there:
        promotion, jane = there.promotion(Kind.DIRECT), there.customer()
        issue = there.local.issue(jane, promotion)
        before = await read(there.provider, named(f"id:{jane.id}"))

        assert before.unnamed == {str(promotion.id)}
        assert await there.revoke(promotion, jane, str(issue.id)) == f"revoked {issue.id}"


async def test_a_wrong_id_that_a_person_gave_revokes_nothing_and_says_so():
    async with program() as there:
        promotion, jane = there.promotion(), there.customer()
        there.local.issue(jane, promotion)
        answer = await there.revoke(promotion, jane, "999999")

        assert (type(answer), answer.code) == (Rejected, "8903")
        assert there.local.holds(jane) == {str(promotion.id)}


async def test_what_this_bot_gave_is_its_own_and_what_others_add_is_not():
    async with program() as there:
        promotion, jane = there.promotion(), there.customer()
        await there.grant(promotion, jane)
        ours = await read(there.provider, named(f"id:{jane.id}"))
        there.local.issue(jane, promotion)
        theirs = await read(there.provider, named(f"id:{jane.id}"))

        assert (ours.foreign, ours.unnamed) == (frozenset(), frozenset())
        assert theirs.foreign == theirs.unnamed == {str(promotion.id)}


async def test_a_revoke_that_was_done_though_its_answer_was_lost_ends_what_is_left():
    async with program() as there:
        promotion, jane = there.promotion(), there.customer()
        await there.grant(promotion, jane)
        there.local.trouble("timeout_after", method="POST", path=REVOKE, times=1, closed=True)
        lost, again = await there.revoke(promotion, jane), await there.revoke(promotion, jane)

        assert isinstance(lost, Unknown)
        assert again.startswith("ended enrolment ")
        assert (there.made("REVOKE_EARN"), there.local.holds(jane)) == (1, set())


async def test_no_call_ever_revokes_without_saying_what():
    async with program(issued_ids_proved=True) as there:
        for kind in (Kind.DIRECT, Kind.ENROL_AND_ISSUE):
            promotion, jane = there.promotion(kind), there.customer(kind.name)
            for _ in range(2):
                await there.grant(promotion, jane)
                await there.revoke(promotion, jane)

        revokes = [one for one in sent(there.local, REVOKE) if one["bulkAction"] == "REVOKE_EARN"]
        assert revokes
        assert all(customer["earnIds"] for one in revokes for customer in one["customers"])


# --- permits ---------------------------------------------------------------------------------------------------------


def permits(count: int):
    left = iter(range(count))

    async def permit(_):
        return next(left, None) is not None

    return permit


async def test_a_grant_that_is_held_back_after_its_first_step_says_what_was_done():
    async with program() as there:
        promotion, jane = there.promotion(), there.customer()
        (answer,) = await there.make(Action.GRANT, promotion, jane, permit=permits(1))

        assert (type(answer), answer.code) == (Rejected, "InPart")
        assert answer.detail.startswith("enrolment ")
        assert (steps(there.local), there.made("ENROL")) == (["ENROL"], 1)
        assert isinstance(await there.grant(promotion, jane), str)
        assert steps(there.local) == ["ENROL", "EARN"]


async def test_an_enrolment_of_unknown_end_that_is_seen_is_told_where_the_rest_is_held_back():
    async with program() as there:
        promotion, jane = there.promotion(), there.customer()
        there.local.trouble("timeout_after", method="POST", path=GRANT, times=1, closed=True)
        (answer,) = await there.make(Action.GRANT, promotion, jane, permit=permits(1))

        assert (type(answer), answer.code) == (Rejected, "InPart")
        assert answer.detail.startswith("enrolment ")


async def test_a_grant_that_surely_did_nothing_is_withheld():
    async with program() as there:
        promotion, jane = there.promotion(), there.customer()
        (new,) = await there.make(Action.GRANT, promotion, jane, permit=permits(0))
        there.local.enrol(jane, promotion)
        (enrolled,) = await there.make(Action.GRANT, promotion, jane, permit=permits(0))

        assert (type(new), type(enrolled), steps(there.local)) == (Withheld, Withheld, [])


async def test_a_revoke_that_is_held_back_midway_says_what_was_done():
    async with program() as there:
        promotion, jane = there.promotion(), there.customer()
        await there.grant(promotion, jane)
        (whole,) = await there.make(Action.REVOKE, promotion, jane, permit=permits(0))
        (half,) = await there.make(Action.REVOKE, promotion, jane, permit=permits(1))

        assert (type(whole), type(half), half.code) == (Withheld, Rejected, "InPart")
        assert half.detail.startswith("revoked ")
        assert (there.made("REVOKE_EARN"), there.made("REVOKE_ENROL")) == (1, 0)


async def test_a_batch_goes_out_without_those_who_get_no_permit():
    async with program(batch=100) as there:
        promotion = there.promotion(Kind.DIRECT)
        customers = [there.customer(f"C{number}") for number in range(4)]
        asked: list[str | None] = []

        async def permit(one):
            asked.append(one.contact.id)
            return one.contact.id not in {str(customers[0].id), str(customers[2].id)}

        answers = await there.make(Action.GRANT, promotion, *customers, permit=permit)
        (call,) = sent(there.local, GRANT)

        assert [type(one) for one in answers] == [Withheld, str, Withheld, str]
        assert [one["identifierValue"] for one in call["customers"]] == asked[4:]
        assert asked[4:] == [str(customers[1].id), str(customers[3].id)]


# --- many at once ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["sent", "reversed", "successes first"])
async def test_a_batch_gives_everybody_their_own_answer_in_any_order(order):
    async with program(Conduct(response_order=order), batch=100) as there:
        promotion = there.promotion(Kind.DIRECT)
        customers = [there.customer(f"C{number}") for number in range(5)]
        answers = await there.make(Action.GRANT, promotion, *customers)
        issued = {one.id: there.local.books.issued(one, promotion)[0].id for one in customers}

        assert answers == [f"issued {issued[one.id]}" for one in customers]
        assert len(sent(there.local, GRANT)) == 1


async def test_a_batch_is_no_larger_than_it_may_be_and_of_one_promotion():
    async with program(batch=2) as there:
        customers = [there.customer(f"C{number}") for number in range(5)]
        one, other = there.promotion(Kind.DIRECT), there.promotion(Kind.DIRECT)
        await there.make(Action.GRANT, one, *customers)
        await there.make(Action.GRANT, other, *customers)

        assert [len(call["customers"]) for call in sent(there.local, GRANT)] == [2, 2, 1, 2, 2, 1]


@pytest.mark.parametrize("status", [200, 201])
async def test_failures_that_name_nobody_are_those_of_whom_nothing_was_said(status):
    async with program(Conduct(partial_status=status), batch=100) as there:
        promotion = there.promotion(Kind.DIRECT)
        fine, outside = there.customer("Fine"), there.customer("Outside")
        outside.loyal = False
        answers = await there.make(Action.GRANT, promotion, outside, fine)

        assert isinstance(answers[0], Rejected)
        assert isinstance(answers[1], str)
        assert there.made("EARN") == 1


@pytest.mark.parametrize("status", [200, 201, 400])
async def test_a_refusal_reads_alike_with_any_status(status):
    async with program(Conduct(failure_status=status)) as there:
        promotion, jane = there.promotion(Kind.DIRECT, active=False), there.customer()
        answer = await there.grant(promotion, jane)

        assert isinstance(answer, Rejected)
        assert answer.code == "8892"


async def test_an_answer_about_somebody_else_proves_nothing():
    async with program() as there:
        promotion, jane = there.promotion(Kind.DIRECT), there.customer()
        there.local.trouble("mistaken", method="POST", path=GRANT)

        assert isinstance(await there.grant(promotion, jane), Unknown)


@pytest.mark.parametrize(("batch", "rounds"), [(1, 4), (2, 2), (100, 1)])
@pytest.mark.parametrize("action", [Action.GRANT, Action.REVOKE])
async def test_nobody_waits_between_two_steps_for_somebody_elses_first(action, batch, rounds):
    async with program(batch=batch) as there:
        promotion, customers = there.promotion(), [there.customer(f"C{number}") for number in range(4)]
        for one in customers if action is Action.REVOKE else ():
            await there.grant(promotion, one)
        path = GRANT if action is Action.GRANT else REVOKE
        begun = len(sent(there.local, path))
        await there.make(action, promotion, *customers)

        both = ["ENROL", "EARN"] if action is Action.GRANT else ["REVOKE_EARN", "REVOKE_ENROL"]
        assert [one["bulkAction"] for one in sent(there.local, path)[begun:]] == both * rounds


async def test_a_second_step_stands_back_for_nobody():
    class Watching(Unpaced):
        def __init__(self):
            super().__init__()
            self.calm = []

        async def wait(self):
            self.calm.append(is_calm())

    pacer = Watching()
    async with program(pacer=pacer) as there:
        promotion, jane = there.promotion(), there.customer()
        await there.provider.offer(str(promotion.id))
        for action in (Action.GRANT, Action.REVOKE):
            pacer.calm.clear()
            with calm():
                await there.make(action, promotion, jane)

            assert pacer.calm == [True, True, False]  # the look, and the two steps


async def test_a_change_right_after_a_look_looks_no_more_but_the_next_one_does():
    async with program() as there:
        promotion, jane = there.promotion(Kind.DIRECT), there.customer()
        await read(there.provider, named("jane@example.com"), str(promotion.id))
        looks = len(there.local.called("GET", HELD))
        assert isinstance(await there.grant(promotion, jane), str)
        assert len(there.local.called("GET", HELD)) == looks

        assert isinstance(await there.grant(promotion, jane), Rejected)
        assert len(there.local.called("GET", HELD)) == looks + 1
        assert there.made("EARN") == 1


async def test_who_is_being_worked_on_waits():
    async with program() as there:
        promotion, jane = there.promotion(Kind.DIRECT), there.customer()
        first, second = await there.make(Action.GRANT, promotion, jane, jane)

        assert isinstance(first, str)
        assert isinstance(second, Unavailable)
        assert there.made("EARN") == 1


# --- what reads do not tell, and how calls are let in -----------------------------------------------------------------


async def test_where_reads_do_not_tell_what_is_held_it_counts_neither_as_held_nor_as_not():
    async with program(Conduct(timelines=False)) as there:
        promotion, jane = there.promotion(), there.customer()
        before = await read(there.provider, named(f"id:{jane.id}"), str(promotion.id))
        said = there.provider.effects(Action.GRANT, before, welcome_email=False)
        granted = await there.grant(promotion, jane)
        revoked = await there.revoke(promotion, jane)

        assert before.untold == {str(promotion.id)}
        assert "rest on its confirmation alone" in said[0]
        assert granted.startswith("enrolment ")
        assert revoked.startswith("revoked ")
        assert there.local.holds(jane) == set()


async def test_what_is_left_out_of_the_list_is_not_held():
    async with program(Conduct(unheld_promotions="left out")) as there:
        promotion, jane = there.promotion(), there.customer()
        reading = await read(there.provider, named(f"id:{jane.id}"), str(promotion.id))

        assert (reading.holdings, reading.untold) == ((), frozenset())
        assert isinstance(await there.grant(promotion, jane), str)


async def test_a_till_is_let_in_as_well():
    async with program(key="", secret="", till="till", password_md5="0" * 32) as there:
        there.local.access.tills["till"] = "0" * 32
        jane = there.customer()
        checks = await there.provider.check()

        assert isinstance(await there.grant(there.promotion(Kind.DIRECT), jane), str)
        assert all(one.ok for one in checks)
        assert not there.local.called("POST", "/v3/oauth/token/generate")


async def test_a_till_that_is_not_let_in_names_its_settings():
    async with program(key="", secret="", till="till", password_md5="0" * 32) as there:
        failed = [one for one in await there.provider.check() if not one.ok]

    assert [one.name for one in failed] == ["Capillary program"]
    assert "CAPILLARY_TILL and CAPILLARY_PASSWORD_MD5" in failed[0].says


@pytest.mark.parametrize("status", [401, 498])
async def test_a_token_that_has_expired_is_replaced_once(status):
    async with program(Conduct(expired_status=status)) as there:
        jane, promotion = there.customer(), there.promotion(Kind.DIRECT)
        await read(there.provider, named(f"id:{jane.id}"))
        there.local.expire_tokens()

        assert isinstance(await there.grant(promotion, jane), str)
        assert len(there.local.called("POST", "/v3/oauth/token/generate")) == 2


async def test_attribution_is_told_with_changes_alone():
    async with program(attribution_type="TILL", attribution_code="front-desk") as there:
        there.local.entities.add("front-desk")
        await there.grant(there.promotion(Kind.DIRECT), there.customer())

    told = [
        one for one in there.exchanges if "x-cap-api-attribution-entity-code" in map(str.lower, one.request_headers)
    ]
    assert [one.url.rpartition("/")[2] for one in told] == ["enrolAndEarn"]
    assert len(there.exchanges) > len(told)


async def test_undecided_permissions_are_tried_again_later():
    async with program() as there:
        jane, promotion = there.customer(), there.promotion(Kind.DIRECT)
        there.local.trouble("undecided", method="POST", path=GRANT)

        assert isinstance(await there.grant(promotion, jane), Unavailable)

import pytest

from bot.domain import attempt, lifecycle
from bot.domain.request import ChangeState, Choice, MessageKind, State
from tests.contract.store.world import (
    ADA,
    BOB,
    LEASE,
    NOW,
    approved,
    claimed,
    decided,
    drifted,
    everything_shown,
    finished,
    pending,
    sent,
    shown,
    stepped,
    submitted,
)

CARD, ASK, LINE, RESULT, DIRECT, _, DIGEST, ALERT = MessageKind


async def kinds(store, **options):
    return [delivery.message.kind for delivery in await claimed(store, **options)]


async def test_nothing_is_owed_before_there_is_something_to_show(store):
    await submitted(store)

    assert await claimed(store) == []


async def test_a_question_waits_for_its_card(store):
    case = await pending(store)
    (card,) = await claimed(store)

    assert (card.message.kind, card.message.to, card.case) == (CARD, "CSALES", case)
    assert (card.thread, card.event) == (None, None)
    assert await claimed(store) == []
    await shown(store, card.message, "1.0")
    (ask,) = await claimed(store)
    assert (ask.message.kind, ask.message.asks) == (ASK, 1)
    assert (ask.thread.channel, ask.thread.ts) == ("CSALES", "1.0")


async def test_people_outside_the_channel_are_asked_directly_and_at_once(store):
    await pending(store, outside=("UBOB", "UEVE"))

    asked = [delivery.message.to for delivery in await claimed(store) if delivery.message.kind is ASK]
    assert asked == ["UBOB", "UEVE"]


async def test_messages_of_a_thread_go_in_the_order_of_what_happened(store):
    case = await finished(store, await approved(store), ChangeState.FAILED)
    await stepped(store, case.request.id, lambda found: lifecycle.retry(found, by=ADA, now=NOW))
    delivered = await everything_shown(store)

    thread = [message for message in delivered if message.parent is not None]
    assert [message.kind for message in thread] == [LINE, RESULT, LINE]
    assert [message.event for message in thread] == sorted(message.event or 0 for message in thread)
    direct = [message for message in delivered if message.kind is DIRECT]
    assert [message.event for message in direct] == sorted(message.event or 0 for message in direct)


async def test_an_ending_after_which_it_was_tried_again_is_known_for_one_also_when_it_ended_alike(store):
    case = await finished(store, await approved(store), ChangeState.FAILED)
    case = await stepped(store, case.request.id, lambda found: lifecycle.retry(found, by=ADA, now=NOW))
    await finished(store, case, ChangeState.FAILED)
    endings = []
    while deliveries := await claimed(store):
        endings += [one for one in deliveries if one.message.kind is RESULT]
        for number, delivery in enumerate(deliveries):
            await shown(store, delivery.message, f"{len(endings)}.{number:06}")

    assert [(one.case.request.state, one.tried_again) for one in endings] == [
        (State.FAILED, True),
        (State.FAILED, False),
    ]


async def test_a_message_that_waits_holds_up_its_own_thread_and_no_other(store):
    case = await approved(store)
    other = await approved(store, "form-2", address="b@example.com")
    for delivery in await claimed(store):
        if delivery.message.kind is CARD:
            await shown(store, delivery.message, f"{delivery.message.request_id}.1")
    lines = {one.message.request_id: one.message for one in await claimed(store)}
    await store.postpone_message(lines[case.request.id], until=NOW + 60, error="ratelimited", now=NOW)
    await stepped(store, case.request.id, lambda found: lifecycle.cancel(found, by=ADA, now=NOW))
    await stepped(store, other.request.id, lambda found: lifecycle.cancel(found, by=ADA, now=NOW))
    await shown(store, lines[other.request.id], "3.0")

    later = [one.message for one in await claimed(store) if one.message.kind is LINE]
    assert [one.request_id for one in later] == [other.request.id]
    retried = [one.message for one in await claimed(store, now=NOW + 60) if one.message.request_id == case.request.id]
    assert [(one.kind, one.event, one.error) for one in retried if one.kind is LINE] == [
        (LINE, lines[case.request.id].event, "ratelimited")
    ]


async def test_many_changes_of_a_card_cost_one_update(store):
    case = await pending(store)
    await everything_shown(store)
    await decided(store, case)
    await stepped(store, case.request.id, lambda found: lifecycle.cancel(found, by=ADA, now=NOW))

    cards = [message for message in await everything_shown(store) if message.kind is CARD]
    assert [(card.version, card.shown, card.ts) for card in cards] == [(3, 1, "1.000100")]


async def test_a_newer_version_that_came_during_the_delivery_is_delivered_afterwards(store):
    case = await pending(store)
    (card,) = await claimed(store)
    await decided(store, case)

    assert CARD not in await kinds(store)
    await shown(store, card.message, "1.0")
    again = next(one.message for one in await claimed(store) if one.message.kind is CARD)
    assert (again.version, again.shown, again.ts, again.attempts) == (2, 1, "1.0", 1)


async def test_a_delivery_whose_lease_was_lost_records_nothing(store):
    await pending(store)
    (lost,) = await claimed(store)
    (held,) = await claimed(store, now=NOW + LEASE)
    assert await store.delivered(lost.message, channel="CSALES", ts="1.0", now=NOW)
    assert await store.postpone_message(lost.message, until=NOW + 1e6, error="late", now=NOW)
    await store.give_up_message(lost.message, error="late", now=NOW)

    assert await store.in_thread("CSALES", "1.0") is None
    await shown(store, held.message, "2.0")
    assert await store.in_thread("CSALES", "2.0") == held.case.request.id


@pytest.mark.parametrize("known", [True, False])
async def test_what_a_frozen_process_put_over_a_newer_version_is_shown_once_more(store, known):
    """It may not know whether its late call reached Slack."""
    await pending(store)
    (frozen,) = await claimed(store)
    (other,) = await claimed(store, now=NOW + LEASE)
    assert not await store.delivered(other.message, channel="CSALES", ts="1.0", now=NOW)
    if known:
        assert await store.delivered(frozen.message, channel="CSALES", ts="1.0", now=NOW)
    else:
        assert await store.postpone_message(frozen.message, until=NOW + 1e6, error="timeout", now=NOW)

    stands = await store.message(frozen.message.key)
    assert (stands.version, stands.shown, stands.ts, stands.due) == (2, 1, "1.0", NOW)


async def test_the_decision_takes_the_buttons_off_every_question(store):
    case = await pending(store, outside=("UEVE",))
    await everything_shown(store)
    await decided(store, case)

    asks = [message for message in await everything_shown(store) if message.kind is ASK]
    assert sorted((ask.to, ask.version, ask.shown) for ask in asks) == [("CSALES", 2, 1), ("UEVE", 2, 1)]


async def test_a_question_nobody_has_seen_ends_with_the_decision(store):
    await decided(store, await pending(store))

    assert ASK not in [message.kind for message in await everything_shown(store)]


async def test_a_question_on_its_way_during_the_decision_loses_its_buttons_afterwards(store):
    case = await pending(store)
    (card,) = await claimed(store)
    await shown(store, card.message, "1.0")
    (ask,) = await claimed(store)
    await decided(store, case)
    await shown(store, ask.message, "2.0")

    again = [message for message in await everything_shown(store) if message.kind is ASK]
    assert [(one.version, one.shown, one.ts) for one in again] == [(2, 1, "2.0")]


async def test_a_drift_asks_anew_and_closes_the_old_question(store):
    case = await approved(store)
    await everything_shown(store)
    (change,) = await store.claim_changes(now=NOW, lease=LEASE, limit=1)
    await drifted(store, case, attempt_number=change.attempts)

    asks = {message.key.split("/", 1)[1]: message for message in await everything_shown(store) if message.kind is ASK}
    assert asks["ask/2"].asks == 2
    assert set(asks) == {"ask/2"}  # the first one was closed before anybody saw it


async def test_a_drift_takes_the_buttons_off_the_question_on_the_screen(store):
    case = await pending(store)
    await everything_shown(store)
    await decided(store, case)
    await everything_shown(store)
    (change,) = await store.claim_changes(now=NOW, lease=LEASE, limit=1)
    await drifted(store, case, attempt_number=change.attempts)

    asks = [message for message in await everything_shown(store) if message.kind is ASK]
    assert sorted((ask.asks, ask.version) for ask in asks) == [(1, 3), (2, 1)]


async def test_the_version_asked_about_before_a_message_is_known(store):
    case = await pending(store)
    (card,) = await claimed(store)
    await shown(store, card.message, "1700000000.000100", channel="CSALES")
    (ask,) = await claimed(store)
    await shown(store, ask.message, "1700000001.000100", channel="CSALES")

    async def asked(ts, channel="CSALES"):
        return await store.asked_before(case.request.id, channel=channel, ts=ts)

    assert await asked("1700000001.000099") is None
    assert await asked("1700000001.000101") == 1
    assert await asked("1700000001.000101", channel="DEVE") is None


async def test_a_thread_is_found_by_its_card_and_a_direct_question_by_itself(store):
    case = await pending(store, outside=("UEVE",))
    for number, delivery in enumerate(await claimed(store)):
        await shown(store, delivery.message, f"{number}.0", channel="D" if delivery.message.to == "UEVE" else "C")
    (ask,) = await claimed(store)
    await shown(store, ask.message, "9.0", channel="C")

    assert await store.in_thread("C", "0.0") == case.request.id
    assert await store.in_thread("D", "1.0") == case.request.id
    assert await store.in_thread("C", "9.0") is None
    assert await store.in_thread("C", "1.0") is None
    assert await store.in_thread("", "") is None


async def test_a_card_that_cannot_be_posted_is_told_to_the_requester_and_the_alerts_channel(store):
    case = await pending(store)
    (card,) = await claimed(store)
    await store.give_up_message(card.message, error="is_archived", now=NOW)

    told = await claimed(store)
    assert [(one.message.kind, one.message.to) for one in told] == [(DIRECT, "UADA"), (ALERT, "CALERTS")]
    assert told[0].event.name == "message.undeliverable"
    assert told[0].event.data == {"kind": "card", "to": "CSALES", "error": "is_archived"}
    assert (await store.history(case.request.id))[-1].name == "message.undeliverable"


async def test_a_message_that_waited_for_an_undeliverable_one_ends_with_it(store):
    await approved(store)
    card = next(one.message for one in await claimed(store) if one.message.kind is CARD)
    await store.give_up_message(card, error="is_archived", now=NOW)

    assert {one.message.parent for one in await claimed(store, now=NOW + 1e6)} == {None}


async def test_an_undeliverable_card_is_tried_again_when_there_is_news_but_told_once(store):
    case = await pending(store)
    (card,) = await claimed(store)
    await store.give_up_message(card.message, error="is_archived", now=NOW)
    await everything_shown(store)
    await decided(store, case)
    card = next(one.message for one in await claimed(store) if one.message.kind is CARD)
    await store.give_up_message(card, error="is_archived", now=NOW)

    assert [one.message.kind for one in await claimed(store)] == []
    names = [event.name for event in await store.history(case.request.id)]
    assert names.count("message.undeliverable") == 2


async def test_of_one_place_that_takes_nothing_is_told_once(store):
    case = await pending(store)
    await everything_shown(store)
    await finished(store, await decided(store, case))
    told = []
    while found := await claimed(store):
        for delivery in found:
            if delivery.message.to == "CSALES":
                await store.give_up_message(delivery.message, error="is_archived", now=NOW)
            else:
                told.append(delivery)
                await store.delivered(delivery.message, channel=delivery.message.to, ts="9.0", now=NOW)

    bad_news = [one.message.to for one in told if one.event and one.event.name == "message.undeliverable"]
    names = [event.name for event in await store.history(case.request.id)]
    assert sorted(bad_news) == ["CALERTS", "UADA"]
    assert names.count("message.undeliverable") > 2


@pytest.mark.parametrize("kind", [DIRECT, ALERT])
async def test_bad_news_that_cannot_be_told_makes_no_more_bad_news(store, kind):
    await pending(store)
    (card,) = await claimed(store)
    await store.give_up_message(card.message, error="is_archived", now=NOW)
    told = {one.message.kind: one.message for one in await claimed(store)}
    await store.give_up_message(told[kind], error="account_inactive", now=NOW)

    assert await claimed(store) == []


async def test_a_requester_who_cannot_be_told_is_told_of_by_others_only(store):
    await approved(store)
    direct = next(one.message for one in await claimed(store) if one.message.kind is DIRECT)
    await store.give_up_message(direct, error="account_inactive", now=NOW)

    assert [(one.message.kind, one.message.to) for one in await claimed(store)] == [(ALERT, "CALERTS")]


async def test_a_request_taken_back_before_it_was_shown_leaves_nothing_waiting(store):
    case = await submitted(store)
    await stepped(store, case.request.id, lambda found: lifecycle.cancel(found, by=ADA, now=NOW))

    assert await claimed(store, now=NOW + 1e6) == []


async def test_a_result_is_told_in_the_thread_and_to_the_requester(store):
    await finished(store, await decided(store, await pending(store)))
    delivered = await everything_shown(store)

    assert [message.to for message in delivered if message.kind is RESULT] == ["CSALES"]
    assert [message.to for message in delivered if message.kind is DIRECT] == ["UADA", "UADA"]


async def test_an_event_comes_with_what_a_person_wrote(store):
    await decided(store, await pending(store), Choice.DENY, note="too expensive")

    direct = next(one for one in await claimed(store) if one.message.kind is DIRECT)
    assert (direct.event.name, direct.event.text, direct.event.actor) == ("request.denied", "too expensive", BOB)


async def test_only_so_many_are_claimed_as_were_asked_for(store):
    for number in range(5):
        await pending(store, f"form-{number}")

    assert [len(await claimed(store, limit=2)) for _ in range(4)] == [2, 2, 1, 0]


async def test_a_delivery_makes_the_next_one_known(store):
    await pending(store)
    (card,) = await claimed(store)
    heard = []
    store.subscribe(lambda: heard.append(1))
    await shown(store, card.message, "1.0")

    assert heard == [1]


async def test_what_was_sent_twice_is_told_twice_in_the_history(store):
    case = await sent(store, await approved(store))
    await stepped(
        store,
        case.request.id,
        lambda found: attempt.send_again(found, case.main.id, attempt=case.main.attempts, now=NOW),
    )

    names = [event.name for event in await store.history(case.request.id)]
    assert names[-2:] == ["change.sent", "change.resent"]

"""Where something was asked, and where its card stands."""

import pytest

from bot.domain import lifecycle
from bot.domain.preview import Preview
from tests.contract.store.world import BUNDLE, JANE, NOW, TIMING, claimed, found, pending, stepped, submitted

ROOM = "CLEADS"


@pytest.mark.parametrize(("asked_in", "place"), [(None, "CSALES"), ("", ""), ("CSUPPORT", "CSUPPORT")])
async def test_where_it_was_asked_is_kept(store, asked_in, place):
    case = await pending(store, asked_in=asked_in)

    assert (case.request.channel, case.request.asked_in, case.request.place) == ("CSALES", asked_in, place)


async def test_a_card_that_the_rules_send_elsewhere_is_posted_there_and_its_requester_told(store):
    case = await submitted(store, asked_in="CSUPPORT")

    def prepare(case):
        preview = Preview(approvers=("UBOB",), rule="dear", channel=ROOM)
        return lifecycle.prepare(
            case, preview=preview, fingerprint="f", offer=BUNDLE, contact=JANE, timing=TIMING, now=NOW
        )

    await stepped(store, case.request.id, prepare)
    case = await found(store, case)
    event = (await store.history(case.request.id))[-1]
    owed = {delivery.message.kind.value: delivery.message.to for delivery in await claimed(store)}

    assert (case.request.channel, case.request.place) == (ROOM, "CSUPPORT")
    assert event.data["moved"] == ROOM
    assert owed == {"card": ROOM, "direct": "UADA"}

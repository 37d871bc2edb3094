import pytest

from bot.domain.request import Choice, State
from bot.slack.mentions import decision
from tests.unit.slack.front import a_front


@pytest.fixture
async def front(tmp_path):
    async with a_front(tmp_path) as front:
        front.request_id = await front.asked()
        front.card = await front.bob.sees("Gold Bundle", in_="offers")
        yield front


async def state_of(front):
    return (await front.store.case(front.request_id)).request.state


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<@UBOT> approve", (Choice.APPROVE, "")),
        (" <@UBOT>: Approved!", (Choice.APPROVE, "")),
        ("<@UBOT> deny too expensive", (Choice.DENY, "too expensive")),
        ("<@UBOT> denied: too\nexpensive", (Choice.DENY, "too\nexpensive")),
        ("<@UBOT> deny more than &lt;100 &amp; no refund", (Choice.DENY, "more than <100 & no refund")),
        ("<@UBOT> deny", (Choice.DENY, "")),
        ("<@UBOT> approve?", None),
        ("<@UBOT> approve if you like", None),
        ("<@UBOT> ok", None),
        ("<@UBOT> do not approve", None),
        ("<@UBOB> <@UBOT> approve", None),
        ("<@UBOB> approved", None),
        ("<@UBOB> denied it last week, <@UBOT> why is this here?", None),
        ("<@UBOB|Bob> deny <@UBOT>", None),
        ("I would say <@UBOT> approve", None),
        ("<@UBOT> denying is no option", None),
        ("approve", None),
        ("", None),
    ],
)
def test_only_plain_words_decide(text, said):
    assert decision(text, bot="UBOT") == said


async def test_what_is_said_to_somebody_else_decides_nothing(front):
    await front.bob.types("@Carol denied it last week, @Offerdesk why is this here?", thread=front.card)

    await front.bob.sees("nothing else does", in_=front.card)
    assert await state_of(front) is State.PENDING


async def test_a_mention_in_the_thread_approves(front):
    await front.bob.types("@Offerdesk approve", thread=front.card)

    assert await state_of(front) is State.APPROVED


async def test_a_mention_denies_with_its_reason(front):
    await front.bob.types("@Offerdesk deny too expensive", thread=front.card)

    case = await front.store.case(front.request_id)
    assert (case.request.state, case.verdict.note) == (State.DENIED, "too expensive")


async def test_a_denial_without_a_reason_decides_nothing(front):
    await front.bob.types("@Offerdesk deny", thread=front.card)

    await front.bob.sees("Say why", in_=front.card)
    assert await state_of(front) is State.PENDING


async def test_the_requester_decides_by_no_mention_either(front):
    card = await front.ada.sees("Gold Bundle", in_="offers")
    await front.ada.types("@Offerdesk approve", thread=card)

    await front.ada.sees("Nobody decides on a request of their own", in_=card)
    assert await state_of(front) is State.PENDING


async def test_a_mention_outside_a_thread_decides_nothing(front):
    await front.bob.types("@Offerdesk approve", channel="offers")

    await front.bob.sees("There is no request here", in_="offers")


async def test_anything_else_gets_private_help(front):
    await front.bob.types("@Offerdesk could you perhaps", thread=front.card)

    await front.bob.sees("nothing else does", in_=front.card)
    await front.ada.does_not_see("nothing else does", in_=await front.ada.sees("Gold Bundle", in_="offers"))


async def test_an_old_mention_decides_nothing(front):
    front.town.clock.now += 700

    await front.bob.types("@Offerdesk approve", thread=front.card)

    await front.bob.sees("so late that it decides nothing", in_=front.card)
    assert await state_of(front) is State.PENDING


async def test_a_refusal_is_told_once_however_often_slack_delivers(front):
    front.town.world.troubles.duplicate_events = 1
    card = await front.ada.sees("Gold Bundle", in_="offers")
    await front.ada.types("@Offerdesk approve", thread=card)
    await front.ada.sees("Nobody decides on a request of their own", in_=card)

    await front.town.slack.settled()
    assert len(front.town.calls("chat.postEphemeral")) == 1


async def test_a_decision_that_slack_delivers_twice_is_taken_once_and_in_silence(front):
    front.town.world.troubles.duplicate_events = 1

    await front.bob.types("@Offerdesk approve", thread=front.card)
    await front.town.slack.settled()

    assert len((await front.store.case(front.request_id)).decisions) == 1
    assert front.town.calls("chat.postEphemeral") == []


async def test_a_bare_ok_decides_nothing_but_shows_the_buttons_privately(front):
    await front.bob.types("ok", thread=front.card)

    shown = await front.bob.sees("A word alone decides nothing", in_=front.card)
    assert await state_of(front) is State.PENDING
    await front.bob.presses("approve", shown)
    assert await state_of(front) is State.APPROVED


async def test_a_bare_ok_of_somebody_else_is_just_talk(front):
    await front.ada.types("ok", thread=front.card)

    await front.ada.does_not_see("A word alone", in_=await front.ada.sees("Gold Bundle", in_="offers"))

"""Text from people and from Kajabi is text on every surface: no mention, no link, nothing hidden, nothing broken."""

import pytest

from tests.flow.following import GRANT, all_told, approved, id_of, over_http
from tests.flow.steps import typed
from tests.flow.test_hostile_text import EVIL, HUGE, TURNED, poison, trapped, unseen

pytestmark = [
    over_http,
    pytest.mark.parametrize("words", [EVIL, TURNED, HUGE], ids=["mentions and links", "turned around", "huge"]),
]
SURFACES = "cards, threads, direct messages, forms, answers, Home, alerts, notifications"


def fallbacks(desk):
    """The text of every message and answer: notifications and screen readers have nothing else."""
    return [call.args.get("text") for call in desk.workspace.journal.called("chat.postMessage")]


async def test_whatever_people_and_kajabi_write_is_shown_as_text(idle, words, record):
    """Names, titles, products, reasons of Kajabi's, a reason, a note, a refusal; `manners` reads all that was sent."""
    poison(idle, words)
    for person in ("Ada", "Grace"):
        idle.workspace.change_person(person, real_name=f"{person} {words}"[:80])
    idle.workspace.add_channel(f"x-{words}"[:80], members=["Ada", "Grace"])
    await idle.start()
    card, question = await trapped(idle, words)
    await idle.grace.opens_home()
    await idle.grace.sees("Trap", in_="home")
    idle.kajabi.trouble("refused", method="POST", path="*/relationships/offers", detail=f"No {words}")
    await idle.grace.presses("approve", question)
    await idle.olga.sees("Failed", in_="#alerts")
    await idle.ada.opens_home()
    await idle.ada.sees("Trap", in_="home")
    await all_told(idle)
    story = await idle.ada.types(f"/offer why {id_of(card)}", channel="#support")
    listed = await idle.ada.types("/offer requests", channel="#support")
    who = await typed(idle.ada, "/offer who victim@example.com", "Vic")

    assert all(one.plain for one in (story, listed, who))
    assert unseen(idle) == set()
    assert all(fallbacks(idle))
    assert max(len(text) for text in fallbacks(idle)) <= 4000
    if words is EVIL:
        record(
            "mentions, links, markup, control and bidirectional characters and 12,000 signs in names, titles, "
            "products, reasons, refusals",
            "shown as text, cut where it must be; Slack and its own SDK refuse nothing",
            f"{SURFACES}: no mention but the bot’s own, no link, nothing hidden",
        )


async def test_the_reason_of_a_pause_is_text(idle, words, record):
    idle.settings = idle.settings.model_copy(update={"admins": (idle.olga.id,)})
    await idle.start()
    await idle.olga.types(f"/offer pause {words[:2900]}", channel="#support")
    card = await approved(idle)
    await idle.ada.sees("Paused by", in_=card)
    await idle.grace.opens_home()
    await idle.grace.sees("Paused", in_="home")
    refused = await idle.olga.types(f"/offer pause {words[:2900]}", channel="#support")
    await idle.olga.types("/offer resume", channel="#support")
    await idle.ada.sees("Done, verified", in_=card)
    await all_told(idle)

    assert refused.plain
    assert unseen(idle) == set()
    if words is EVIL:
        record("the same in the reason of a pause", "shown as text", "cards, threads, alerts, Home, answers")


async def test_a_note_that_settles_is_text(idle, words, record):
    await idle.start()
    idle.kajabi.trouble("timeout_before", method="POST", path="*/relationships/offers", times=2, closed=True)
    card = await approved(idle)
    await idle.ada.sees("Unknown: nobody can say yet", in_=card)
    await all_told(idle)
    await idle.grace.presses("settle", card)
    await idle.grace.sees("How is it really?", in_="view")
    assert await idle.grace.submits(outcome="It is not done", reason=f"x {words}"[:1400]) == {}
    await idle.ada.sees("Settled as not done", in_="dm")
    await all_told(idle)
    await idle.ada.types(f"/offer why {id_of(card)}", channel="#support")

    assert unseen(idle) == set()
    if words is EVIL:
        record("the same in the note that settles an unknown end", "shown as text", "thread, direct message, history")


async def test_a_mention_that_denies_with_hostile_words_is_text(desk, words):
    card, _ = await desk.asks(desk.ada, GRANT)
    await desk.grace.types(f"@Offerdesk deny x {words}"[:1400], thread=card)
    told = await desk.ada.sees("denied it", in_="dm")
    await all_told(desk)

    assert unseen(desk) == set()
    if words is EVIL:
        assert "<!channel> <@U0HOSTILE> <" in told.plain

"""Text from people and from Kajabi is text, on every surface.

Each test here draws hostile text everywhere; `manners` then reads all that was sent: no mention, no link, no block that
Slack or its SDK refuses.
"""

import json

import pytest

from tests.flow.following import all_told, id_of, over_http
from tests.flow.manners import drawings
from tests.flow.steps import forged, labels, opened, suggests, typed

EVIL = "<!channel> <@U0HOSTILE> <https://evil.example|https://bank.example> *b* `c` &lt; :tada: @here"
TURNED = "\u202egnp.exe\u202c\u2066x\u2069\u200b\x07"
HUGE = "Ω&<" * 4000
#: what must never leave as it came: bidirectional overrides, controls, invisible marks
UNSEEN = set("\u202e\u202c\u2066\u2069\u200b\x07")


def unseen(desk):
    """What is written nowhere on anybody's screen."""
    return {char for one in drawings(desk.workspace) for char in json.dumps(one, ensure_ascii=False) if char in UNSEEN}


def poison(desk, words):
    """Have Kajabi hold hostile names and titles."""
    product = desk.kajabi.add_product(f"Product {words}", description=words)
    offer = desk.kajabi.add_offer(
        f"Trap {words}", internal_title=f"inner {words}", description=words, price_in_cents=100, products=[product]
    )
    desk.kajabi.add_contact("victim@example.com", f"Vic {words}")
    gone = desk.kajabi.add_offer(f"Gone {words}", archived=True)
    desk.kajabi.purchase("victim@example.com", gone, deactivated_at="2026-05-01T10:00:00Z", reason=f"Ended {words}")
    desk.kajabi.grant("victim@example.com", desk.kajabi.add_offer(f"Held {words}"))
    return offer


async def trapped(desk, words, *, verb="grant", offer="trap"):
    """Ask for something hostile, with a hostile reason; return the card and the question."""
    return await desk.asks(desk.ada, f"/offer {verb} victim@example.com", offer=offer, reason=f"Because {words}"[:1500])


@pytest.mark.parametrize("words", [EVIL, TURNED, HUGE], ids=["mentions and links", "turned around", "huge"])
async def test_a_hostile_request_is_shown_decided_and_told_as_text(idle, words):
    poison(idle, words)
    await idle.start()
    card, question = await trapped(idle, words)
    assert "Grant Trap" in card.plain
    assert "Held" in question.plain

    await idle.grace.presses("approve", question)

    await idle.ada.sees("verified", in_="#support")
    await idle.ada.sees("verified", in_="dm")
    await all_told(idle)
    assert unseen(idle) == set()
    assert idle.kajabi.effects.total() == 1


@over_http
async def test_hostile_text_reads_as_it_was_written(idle):
    poison(idle, EVIL)
    await idle.start()

    card, question = await trapped(idle, EVIL)

    assert "Because <!channel> <@U0HOSTILE> <https://evil.example|https://bank.example>" in card.plain
    assert "&lt; :tada: @here" in card.plain
    assert "Trap <!channel> <@U0HOSTILE>" in question.plain
    assert "Vic <!channel> <@U0HOSTILE>" in question.plain


@over_http
@pytest.mark.parametrize("words", [EVIL, TURNED, HUGE], ids=["mentions and links", "turned around", "huge"])
async def test_every_answer_takes_hostile_text(idle, words):
    poison(idle, words)
    await idle.start()

    await typed(idle.ada, "/offer find trap by price", "Trap")
    await typed(idle.ada, f"/offer find zebra {words[:2900]}", "no offer with “zebra")
    await typed(idle.ada, "/offer show trap", "Product")
    await typed(idle.ada, f"/offer show zebra {words[:2900]}", "no offer that fits “zebra")
    who = await typed(idle.ada, "/offer who victim@example.com", "Vic")
    await idle.ada.types(f"/offer {words[:2900]}", channel="#support")
    await idle.ada.types(f"/offer why {words[:2900]}", channel="#support")
    await idle.ada.types(f"/offer who {words[:2900]}", channel="#support")
    await opened(idle.ada, f'/offer grant victim@example.com "trap" {words[:1000]} because {words[:1400]}')
    found = labels(await idle.ada.suggests("offer", "trap"))
    await idle.ada.sees("Holds now", in_="view")

    assert "Ended" in who.plain
    assert len(found) == 1
    assert found[0].endswith("…") or "1.00 USD" in found[0]
    assert unseen(idle) == set()


@over_http
async def test_a_hostile_denial_is_text(idle):
    poison(idle, EVIL)
    await idle.start()
    card, question = await trapped(idle, EVIL)
    await idle.grace.presses("deny", question)
    await idle.grace.sees("Deny", in_="view")
    assert await idle.grace.submits(reason=f"{EVIL} {TURNED}") == {}

    told = await idle.ada.sees("denied it", in_="dm")
    await all_told(idle)
    story = await idle.ada.types(f"/offer why {id_of(card)}", channel="#support")
    assert "<!channel> <@U0HOSTILE>" in story.plain
    assert "<!channel> <@U0HOSTILE>" in told.plain
    assert "<!channel> <@U0HOSTILE>" in card.plain
    assert unseen(idle) == set()


@over_http
async def test_what_kajabi_says_about_a_failure_is_text_and_names_nobody(idle):
    poison(idle, EVIL)
    await idle.start()
    _, question = await trapped(idle, EVIL)
    refusal = f"{EVIL} victim@example.com {TURNED}"
    idle.kajabi.trouble("refused", method="POST", path="*/relationships/offers", detail=refusal)

    await idle.grace.presses("approve", question)

    told = await idle.ada.sees("Kajabi refused: <!channel> <@U0HOSTILE>", in_="dm")
    await idle.olga.sees("Failed", in_="#alerts")
    assert "victim@example.com" not in told.plain.partition("Kajabi refused")[2].partition("(422)")[0]
    assert unseen(idle) == set()


@over_http
async def test_a_hostile_name_for_a_new_contact_is_text(desk):
    await opened(desk.ada, "/offer grant new@example.com sourdough because prize")
    await desk.ada.submits()
    back = await desk.ada.sees("Create the contact and ask", in_="dm")
    await desk.ada.presses("Create the contact and ask", back)
    await desk.ada.sees("Name of the new contact", in_="view")
    assert await desk.ada.submits(name=f"{EVIL} {TURNED}") == {}

    card = await desk.grace.sees("Grant Sourdough Deep Dive to <!channel> <@U0HOSTILE>", in_="#support")
    question = await desk.grace.sees("Approve", in_=card)
    await desk.grace.presses("approve", question)
    await desk.ada.sees("verified", in_="#support")
    assert unseen(desk) == set()


@over_http
async def test_a_customer_with_hundreds_of_hostile_holdings_breaks_no_form_card_or_answer(idle):
    poison(idle, EVIL)
    for number in range(150):
        idle.kajabi.grant("victim@example.com", idle.kajabi.add_offer(f"{number} {EVIL}"))
    await idle.start()
    _, question = await trapped(idle, EVIL)
    await typed(idle.ada, "/offer who victim@example.com", "and 121 more")
    await opened(idle.ada, "/offer revoke victim@example.com")
    await suggests(idle.ada, "trap", until=["Nothing the customer holds fits these words."])
    everything = await idle.ada.suggests("offer", "")

    assert len(everything) == 100
    assert "more" in question.plain


@over_http
@pytest.mark.parametrize("words", [EVIL, TURNED, HUGE], ids=["mentions and links", "turned around", "huge"])
async def test_every_field_of_a_form_takes_hostile_text(desk, words):
    await opened(desk.ada, "/offer grant jane@example.com sourdough because refund")

    for name in ("customer", "reason", "name"):
        answer = await forged(desk, desk.ada, **{name: {"type": "plain_text_input", "value": words}})

        said = " ".join(answer.get("errors", {}).values())
        assert not UNSEEN & set(said), name
        assert len(said) <= 300, name

"""Lists under rules and budgets, and lists that are looked at more than once: as a person alone would be judged."""

import pytest

from bot import list_preparer
from bot.domain.request import Action, Choice, State, Submission
from bot.sandbox.town import SUPPORT
from bot.words.rows import told
from tests.flow.following import rows
from tests.flow.test_list_work import (
    ENDED,
    approved,
    asked,
    comes,
    holders,
    pastry,
    people,
    person,
    shown,
    transport,
    until,
)

__all__ = ["transport"]

HISTORY = """
[[rule]]
name = "third goodwill"
when.customer_history = { at_least = 2, within_days = 60, action = "grant", reason = "*goodwill*" }
refuse = "This customer had two goodwills within 60 days."

[default]
approvers = "S0APPROVERS"
"""
BUDGET = """
[default]
approvers = "S0APPROVERS"

[[budget]]
name = "Support"
members = ["U0ADA"]
each_month = { USD = 200 }
approvers = ["S0APPROVERS"]
"""


@pytest.fixture
async def ruled(idle, tmp_path):
    """The bot works by the rules that the test gives it."""

    async def by(text):
        (tmp_path / "policy.toml").write_text(text)
        path = str(tmp_path / "policy.toml")
        idle.settings = idle.settings.model_copy(update={"approvers": (), "policy_file": path})
        await idle.restart()
        return idle

    return by


async def done(desk, address, *, key, reason="a refund", title="Pastry Basics", action=Action.GRANT):
    """One customer's request, from the form to its end."""
    offer = next(one for one in desk.kajabi.books.offers.values() if one.title == title)
    submission = Submission(
        action=action,
        provider="kajabi",
        requester=person(desk.ada),
        channel=SUPPORT,
        address=address,
        offer_id=offer.id,
        reason=reason,
        key=key,
    )
    case = await desk.bot.service.submit(submission)
    await approved(desk, await until(desk, case.request.id, {State.PENDING}))
    case = await until(desk, case.request.id, ENDED)
    assert case.request.state is State.SUCCEEDED
    return case


async def outcomes(desk, case):
    said = [told(one) async for one in desk.bot.parts.store.outcomes(case.request.id)]
    return [(one.outcome, one.why) for one in said]


async def test_a_rule_on_a_customers_past_holds_for_a_list_that_has_others_with_more_requests(ruled):
    desk = await ruled(HISTORY)
    jane, bob = people(desk, 2)
    for title in ("Bread from Scratch", "Holiday Baking"):
        await done(desk, jane, key=f"jane/{title}", reason="goodwill", title=title)
    for title in ("Bread from Scratch", "Holiday Baking", "Baking with Kids"):
        await done(desk, bob, key=f"bob/{title}", title=title)

    both = await shown(desk, asked(desk, [jane, bob], key="both"))
    other = await shown(desk, asked(desk, [bob], key="bob"))

    assert (both.request.state, other.request.state) == (State.CANCELLED, State.PENDING)


@pytest.mark.parametrize("price", [5900, 5800])
async def test_a_list_that_is_asked_anew_is_looked_up_anew_with_the_offer_as_it_is(ruled, price):
    desk = await ruled(BUDGET)
    addresses = people(desk, 3)
    desk.kajabi.grant(addresses[0], pastry(desk))
    case = await shown(desk, asked(desk, addresses))
    await done(desk, "lena@example.org", key="meanwhile")
    await done(desk, "kofi@example.org", key="meanwhile too")
    desk.kajabi.set_price(pastry(desk), price)
    await approved(desk, case)

    async def asked_anew():
        found = await desk.bot.service.case(case.request.id)
        return found if found.request.version > case.request.version else None

    again = await comes(asked_anew)
    before, now = case.request.preview, again.request.preview
    assert (now["effects"], now["effect_counts"]) == (before["effects"], before["effect_counts"])
    assert (again.request.offer.price, dict(now["rows"])) == (price, {"do": 2, "unneeded": 1})
    for who in (desk.grace, desk.linus):
        found = await desk.bot.service.case(case.request.id)
        if found.request.state is State.PENDING:
            shown_now = found.request.version
            await desk.bot.service.decide(case.request.id, Choice.APPROVE, by=person(who), shown=shown_now)
    ended = await until(desk, case.request.id, ENDED)

    assert (ended.request.state, await outcomes(desk, ended)) == (
        State.SUCCEEDED,
        [("not needed", "it already was so"), ("done", "verified"), ("done", "verified")],
    )


async def test_a_retry_that_a_budget_has_no_room_for_sends_nothing(ruled):
    desk = await ruled(BUDGET)
    addresses = people(desk, 2)
    case = await shown(desk, asked(desk, addresses))
    desk.kajabi.trouble("refused", method="POST", path="*/relationships/offers", times=1)
    await approved(desk, case)
    await until(desk, case.request.id, {State.PARTLY})
    for customer in ("lena@example.org", "kofi@example.org"):
        await done(desk, customer, key=customer)
    writes = sum(desk.kajabi.writes.values())
    await desk.bot.service.retry(case.request.id, by=person(desk.ada))
    case = await until(desk, case.request.id, {State.PARTLY})

    assert sorted(one.outcome for one in case.exceptions) == ["failed"]
    assert sum(desk.kajabi.writes.values()) == writes
    assert rows(desk, "select value from spending") == [(5900,)] * 3


async def test_a_price_that_changes_while_a_list_is_looked_up_holds_for_all_of_it(idle, monkeypatch):
    monkeypatch.setattr(list_preparer, "SLICE", 3)
    for number in range(500):  # so many that each customer is looked up singly
        idle.kajabi.add_contact(f"z{number}@example.net")
    addresses = people(idle, 6)
    await idle.start()
    last = idle.kajabi.contact(addresses[-1])
    away = idle.kajabi.trouble("unavailable", path=f"/v1/contacts/{last.id}/*")
    case = await idle.bot.service.submit_bulk(asked(idle, addresses))

    async def first_are_looked_at():
        found = await idle.bot.service.case(case.request.id)
        return found.request.preview.get("looked") and found.request.troubled

    await comes(first_are_looked_at)
    idle.kajabi.set_price(pastry(idle), 4900)
    away.stop()
    case = await until(idle, case.request.id, {State.PENDING})
    await approved(idle, case)
    ended = await until(idle, case.request.id, ENDED)

    assert (case.request.preview["value"], case.request.preview["rows"]) == (6 * 4900, {"do": 6})
    assert (ended.request.state, holders(idle, addresses)) == (State.SUCCEEDED, addresses)


async def test_an_undo_leaves_what_another_request_gave_since_and_names_it(desk):
    addresses = people(desk, 3)
    case = await shown(desk, asked(desk, addresses))
    await approved(desk, case)
    await until(desk, case.request.id, {State.SUCCEEDED})
    await done(desk, addresses[0], key="taken", action=Action.REVOKE)
    again = await done(desk, addresses[0], key="paid", reason="they paid by bank transfer")

    undo = await desk.bot.service.undo_bulk(case.request.id, by=person(desk.ada), reason="the wrong class", key="undo")
    undo = await until(desk, undo.request.id, {State.PENDING})
    await approved(desk, undo)
    await until(desk, undo.request.id, {State.SUCCEEDED})

    assert holders(desk, addresses) == addresses[:1]
    assert sorted(await outcomes(desk, undo)) == [
        ("cannot be used", f"{again.request.id} has granted it since."),
        ("done", "verified"),
        ("done", "verified"),
    ]

"""What the policy approves by itself, and budgets of a month, as people in Slack meet them."""

import pytest

from tests.flow.following import all_told, case_of, done, effects, history, in_thread, over_http, rows, told
from tests.flow.homes import home_of, part
from tests.flow.lasting import ended_now

DAY = 86_400.0
BREAD, SOURDOUGH = "bread from scratch", "sourdough"
RULES = """
[[rule]]
name = "small"
when.action = "grant"
when.price = { at_most = 100, currency = "USD" }
automatic = { requests = 2, within_days = 30, value = 150, currency = "USD" }
approvers = "S0APPROVERS"

[default]
approvers = "S0APPROVERS"
"""
BUDGET = """
[[budget]]
name = "Support"
members = ["U0ADA", "U0MALLORY"]
each_month = { USD = 120 }
time_zone = "Europe/London"
"""
PEOPLE = '[default]\napprovers = "S0APPROVERS"\n'


@pytest.fixture
async def ruled(idle, tmp_path):
    """The bot works by the rules that the test gives it."""

    async def by(text):
        (tmp_path / "policy.toml").write_text(text)
        path = str(tmp_path / "policy.toml")
        idle.settings = idle.settings.model_copy(update={"approvers": (), "policy_file": path})
        await idle.restart()

    idle.rules = by
    return idle


async def wants(desk, person, offer, customer, *, why="goodwill"):
    """Ask for a grant; return the card."""
    before = {one.ts for one in person.messages("#support")}
    await person.types(f"/offer grant {customer} {offer} because {why}", channel="#support")
    await person.sees("Send", in_="view")
    refused = await person.submits()
    assert refused == {}, refused
    return await desk.new_card(before)


async def asked(desk, card):
    """Wait for the question in the thread."""
    return await desk.grace.sees("please decide", in_=card)


# --- what the policy approves by itself ------------------------------------------------------------------------------


async def test_what_fits_the_quota_is_approved_by_the_policy_and_told_so_everywhere(ruled):
    await ruled.rules(RULES)
    card = await wants(ruled, ruled.ada, BREAD, "jane@example.com")
    await ruled.ada.sees("Done, verified", in_=card)
    await all_told(ruled)
    why = await ruled.ada.types(f"/offer why {(await case_of(ruled, card)).request.id}", channel="#support")
    assert why is not None

    by_itself = "pproved automatically by the rule small, 1 of 2 in 30 days"
    home = await home_of(ruled.ada, by_itself)
    assert by_itself in part(home, "Recent outcomes")
    assert any(by_itself in one for one in in_thread(card))
    assert not any("please decide" in one for one in in_thread(card))
    assert by_itself in card.plain
    assert any(by_itself in one for one in told(ruled.ada))
    assert f"Has decided: nobody: a{by_itself}" in why.plain
    assert "Rule: small." in why.plain
    events = await ruled.bot.parts.store.history((await case_of(ruled, card)).request.id)
    approved = next(one for one in events if one.name == "request.approved")
    assert (approved.actor, approved.data["rule"]) == (None, "small")
    assert approved.data["policy"] == ruled.bot.parts.authority.policy.digest
    assert "Bread from Scratch" in ruled.holds("jane@example.com")


@over_http
async def test_what_does_not_fit_goes_to_people_and_the_thread_says_why(ruled):
    await ruled.rules(RULES)
    for customer in ("jane@example.com", "sam@example.com"):
        card = await wants(ruled, ruled.ada, BREAD, customer)
        await ruled.ada.sees("Done, verified", in_=card)
    third = await wants(ruled, ruled.ada, BREAD, "noor@example.com")
    question = await asked(ruled, third)
    said = question.plain
    await ruled.grace.presses("approve", question)
    await ruled.ada.sees("Done, verified", in_=third)
    others = await wants(ruled, ruled.mallory, BREAD, "kofi@example.org")
    await ruled.mallory.sees("Done, verified", in_=others)

    assert "Not approved automatically: 2 of 2 automatic approvals of the last 30 days are used." in said
    assert "@offer-approvers: please decide" in said


@over_http
async def test_the_quota_has_room_again_when_the_time_has_passed(ruled):
    await ruled.rules(RULES)
    await ruled.ada.sees("Done, verified", in_=await wants(ruled, ruled.ada, SOURDOUGH, "jane@example.com"))
    over = await wants(ruled, ruled.ada, SOURDOUGH, "sam@example.com")
    question = await asked(ruled, over)
    assert "automatic approvals of the last 30 days would be over 150.00 USD (79.00 USD so far)." in question.plain
    await all_told(ruled)
    await ruled.passes(31 * DAY)

    card = await wants(ruled, ruled.ada, SOURDOUGH, "noor@example.com")
    await ruled.ada.sees("Done, verified", in_=card)


@over_http
async def test_a_failure_gives_its_place_back_and_retry_takes_it_again(ruled):
    await ruled.rules(RULES.replace("requests = 2", "requests = 1"))
    ruled.kajabi.trouble("refused", method="POST", path="*/relationships/offers", times=1)
    card = await wants(ruled, ruled.ada, BREAD, "jane@example.com")
    await ruled.ada.sees("Failed", in_=card)
    assert rows(ruled, "select * from spending") == []
    other = await wants(ruled, ruled.ada, BREAD, "sam@example.com")
    await ruled.ada.sees("Done, verified", in_=other)
    failed = next(one for one in card.thread if "Retry" in one.plain)
    await ruled.ada.presses("retry", failed)
    question = await asked(ruled, card)
    await ruled.grace.presses("approve", question)
    await ruled.ada.sees("Done, verified", in_=card)
    await all_told(ruled)

    assert any("what is left of the quota or the budget is not enough" in one for one in in_thread(card))
    assert (await history(ruled, card)).count("request.approved") == 2
    assert effects(ruled) == 2


@over_http
async def test_dangers_and_what_others_have_changed_are_never_approved_by_the_policy(ruled):
    await ruled.rules(RULES + '[danger]\nvalue = { at_least = 40, currency = "USD" }\n')
    question = await asked(ruled, await wants(ruled, ruled.ada, BREAD, "jane@example.com"))
    assert "Not approved automatically: there is something to beware of." in question.plain

    despite = RULES.replace('currency = "USD" }\napprovers', 'currency = "USD", despite = ["value"] }\napprovers')
    await ruled.rules(despite + '[danger]\nvalue = { at_least = 40, currency = "USD" }\n')
    card = await wants(ruled, ruled.ada, BREAD, "sam@example.com")
    await ruled.ada.sees("Done, verified", in_=card)

    await ruled.grace.presses("edit", question)
    await ruled.grace.sees("Send", in_="view")
    assert await ruled.grace.submits(reason="goodwill, as she says") == {}
    anew = await ruled.linus.sees("somebody else than the requester has changed it", in_="dm")
    assert "Not approved automatically" in anew.plain


@over_http
async def test_a_stricter_file_voids_what_the_policy_approved_and_has_not_sent(ruled):
    await ruled.rules(RULES)
    await ruled.olga.types("/offer pause have a look", channel="#alerts")
    card = await wants(ruled, ruled.ada, BREAD, "jane@example.com")
    await ruled.ada.sees("Approved automatically", in_=card)
    await all_told(ruled)
    await ruled.rules(PEOPLE)
    await ruled.olga.types("/offer resume", channel="#alerts")
    question = await asked(ruled, card)
    await all_told(ruled)

    assert any("The rules do not approve this automatically any more." in one for one in in_thread(card))
    assert (effects(ruled), rows(ruled, "select * from spending")) == (0, [])
    await ruled.grace.presses("approve", question)
    await ruled.ada.sees("Done, verified", in_=card)


@over_http
async def test_two_bots_on_one_database_do_not_approve_more_than_the_quota(ruled):
    await ruled.rules(RULES.replace("requests = 2", "requests = 1"))
    async with ruled.another():
        customers = ("jane@example.com", "sam@example.com", "noor@example.com", "kofi@example.org")
        cards = [await wants(ruled, ruled.ada, BREAD, one) for one in customers]
        for card in cards:
            await ruled.grace.sees("Done, verified" if "Approved automatically" in card.plain else "Approve", in_=card)
        await all_told(ruled)

    assert effects(ruled) == 1
    assert len(rows(ruled, "select * from spending where rule = 'small'")) == 1


# --- budgets ---------------------------------------------------------------------------------------------------------


@over_http
async def test_a_budget_is_shown_and_once_it_is_spent_others_have_to_approve_as_well(ruled):
    await ruled.rules(PEOPLE + BUDGET + 'approvers = "U0OLGA"\n')
    card, question = await ruled.asks(ruled.ada, "/offer grant jane@example.com sourdough because refund")
    assert "Budget Support: nothing of 120.00 USD given in" in question.plain
    assert "with this one 79.00 USD." in question.plain
    await ruled.grace.presses("approve", question)
    await ruled.ada.sees("Done, verified", in_=card)

    card, question = await ruled.asks(ruled.mallory, "/offer grant sam@example.com sourdough because refund")
    assert "Budget Support: 79.00 USD of 120.00 USD given in" in card.plain
    assert "with this one 158.00 USD." in question.plain
    assert "As this is beyond a budget, @Olga must approve as well." in question.plain
    await ruled.grace.presses("approve", question)
    await ruled.grace.sees("One more is needed, from @Olga", in_=card)
    await all_told(ruled)
    assert effects(ruled) == 1
    await ruled.olga.presses("approve", await ruled.olga.sees("Approve", in_=card))
    await ruled.mallory.sees("Done, verified", in_=card)

    await ruled.passes(32 * DAY)
    _, question = await ruled.asks(ruled.ada, "/offer grant noor@example.com sourdough because refund")
    assert "Budget Support: nothing of 120.00 USD given in" in question.plain


@over_http
async def test_a_budget_that_others_spend_meanwhile_has_it_asked_anew(ruled):
    await ruled.rules(PEOPLE + BUDGET + 'approvers = "U0OLGA"\n')
    first, question = await ruled.asks(ruled.ada, "/offer grant jane@example.com sourdough because refund")
    second, late = await ruled.asks(ruled.mallory, "/offer grant sam@example.com sourdough because refund")
    await ruled.grace.presses("approve", question)
    await ruled.ada.sees("Done, verified", in_=first)
    await ruled.grace.presses("approve", late)
    await ruled.grace.sees("less is left of a budget than was shown", in_=second)
    anew = await ruled.olga.sees("As this is beyond a budget, @Olga must approve as well.", in_=second)
    await all_told(ruled)

    assert effects(ruled) == 1
    assert "request.overtaken" in await history(ruled, second)
    assert (await case_of(ruled, second)).decisions == ()
    await ruled.olga.presses("approve", anew)
    await ruled.grace.presses("approve", await ruled.grace.sees("beyond a budget", in_=second))
    await ruled.mallory.sees("Done, verified", in_=second)


@over_http
async def test_a_budget_can_refuse_in_its_own_words_at_the_form(ruled):
    await ruled.rules(PEOPLE + BUDGET + 'refuse = "The budget of the month is spent."\n')
    await done(ruled, "/offer grant jane@example.com sourdough because refund")
    await ruled.mallory.types("/offer grant sam@example.com sourdough because refund", channel="#support")
    await ruled.mallory.sees("Send", in_="view")

    assert list((await ruled.mallory.submits()).values()) == ["The budget of the month is spent."]


@over_http
async def test_undoing_the_very_grant_gives_the_budget_back(ruled):
    await ruled.rules(PEOPLE + BUDGET + 'approvers = "U0OLGA"\n')
    card = await done(ruled, "/offer grant jane@example.com sourdough because refund")
    before = {one.ts for one in ruled.ada.messages("#support")}
    await ruled.ada.presses("undo", card)
    await ruled.ada.sees("Send", in_="view")
    assert await ruled.ada.submits(reason="by mistake") == {}
    undo = await ruled.new_card(before)
    await ruled.grace.presses("approve", await asked(ruled, undo))
    await ruled.ada.sees("Done, verified", in_=undo)

    _, question = await ruled.asks(ruled.ada, "/offer grant sam@example.com sourdough because refund")
    assert "Budget Support: nothing of 120.00 USD given in" in question.plain


@over_http
async def test_to_end_a_grant_before_its_time_is_no_undo_and_gives_nothing_back(ruled):
    await ruled.rules(PEOPLE + BUDGET + 'approvers = "U0OLGA"\n')
    card = await done(ruled, "/offer grant jane@example.com sourdough for 30d because refund")
    ended = await ended_now(ruled, card)
    await ruled.grace.presses("approve", await asked(ruled, ended))
    await ruled.ada.sees("Done, verified", in_=ended)
    await all_told(ruled)

    _, question = await ruled.asks(ruled.ada, "/offer grant sam@example.com sourdough because refund")
    assert "Budget Support: 79.00 USD of 120.00 USD given in" in question.plain

"""`/offer why` and *History*: which rule, who may decide, who has, why not you, and what happened."""

import pytest

from tests.flow.following import GRANT, done, id_of, over_http

LARGE = """
[[rule]]
name = "large"
when.price = { at_least = 100, currency = "USD" }
approvers = ["U0GRACE", "U0LINUS"]

[default]
approvers = "S0APPROVERS"
"""


async def asks_why(person, card, *, channel="#support"):
    person.reloads()
    answer = await person.types(f"/offer why {id_of(card)}", channel=channel)
    assert answer is not None, person.notices
    assert answer.is_ephemeral
    return answer


async def test_why_says_the_rule_who_may_and_to_each_why_not_they(desk):
    card, _ = await desk.asks(desk.ada, GRANT)

    told = {person.name: (await asks_why(person, card)).plain for person in (desk.ada, desk.grace, desk.mallory)}

    assert all("Rule: APPROVERS decides on everything." in one for one in told.values())
    assert all("May decide: @offer-approvers." in one for one in told.values())
    assert all("Has decided: nobody yet." in one for one in told.values())
    assert "You: Nobody decides on a request of their own." in told["Ada"]
    assert "You: you may decide, with Approve and Deny in the request’s thread." in told["Grace"]
    assert "You: You are not among those who may decide this: @offer-approvers." in told["Mallory"]


@over_http
async def test_the_rule_is_told_with_its_reason_and_people_by_their_names(idle, tmp_path):
    (tmp_path / "policy.toml").write_text(LARGE)
    path = str(tmp_path / "policy.toml")
    idle.settings = idle.settings.model_copy(update={"approvers": (), "policy_file": path})
    await idle.start()
    card, _ = await idle.asks(idle.ada, GRANT)

    told = (await asks_why(idle.grace, card)).plain

    assert "Rule: large decides, because the price is at least 100 USD." in told
    assert "May decide: @Grace or @Linus." in told


async def test_the_history_is_a_line_for_each_event_with_the_newest_last(desk):
    card = await done(desk)

    story = (await asks_why(desk.ada, card)).plain
    await desk.mallory.presses("History", card)
    pressed = await desk.mallory.sees("Rule:", in_="ephemeral")

    steps = ["@Ada asked.", "Shown to those who may decide", "@Grace approved", "Sent the grant", "Succeeded."]
    places = [story.rindex(one) for one in steps]
    assert places == sorted(places)
    assert "Has decided: @Grace approved" in story
    assert "You:" not in story
    assert all(one in pressed.plain for one in steps)


@over_http
async def test_a_denial_is_told_with_who_and_why(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    await desk.grace.types("@Offerdesk deny too dear", thread=card)
    await desk.ada.sees("too dear", in_=card)

    told = (await asks_why(desk.mallory, card)).plain

    assert "Has decided: @Grace denied" in told
    assert "“too dear”" in told


@over_http
async def test_the_story_leads_to_its_card(desk):
    card, _ = await desk.asks(desk.ada, GRANT)

    answer = await asks_why(desk.ada, card)

    assert f"/archives/{card.post.channel}/p{card.ts.replace('.', '')}|{id_of(card)}>" in str(answer.shown.blocks)


@over_http
async def test_a_stranger_elsewhere_is_told_nothing(desk):
    desk.workspace.add_channel("elsewhere", members=["Ada", "Grace", "Mallory"])
    card, _ = await desk.asks(desk.ada, GRANT)

    answer = await asks_why(desk.mallory, card, channel="#elsewhere")

    assert answer.plain == "This request is not yours, and not yours to decide, so I cannot tell you about it."


# --- what approvers see besides ------------------------------------------------------------------------------------


async def test_an_approver_sees_what_was_given_before_and_what_the_requester_asked_lately(desk):
    first = await done(desk)
    _, question = await desk.asks(desk.ada, "/offer grant jane@example.com sourdough because baked well")

    given = f"Given before: Everything Bundle ({id_of(first)}, asked by @Ada"
    assert given in question.plain
    assert "approved by @Grace: “refund case 4412”" in question.plain
    assert "@Ada asked in the 30 days before: 1 done." in question.plain


@over_http
async def test_the_first_request_says_that_there_was_nothing(desk):
    card, question = await desk.asks(desk.ada, GRANT)

    assert "Given before: nothing, as far as I know." in question.plain
    assert "@Ada asked in the 30 days before: nothing else." in question.plain
    assert "nothing given to this customer before" in card.plain


async def test_revoking_a_running_subscription_is_marked(desk):
    card, question = await desk.asks(desk.ada, "/offer revoke sam@example.com circle because asked to leave")

    assert "🚨 A running subscription" in question.plain
    assert "🚨 A running subscription" in card.plain
    _, harmless = await desk.asks(desk.ada, "/offer revoke mia.chen@example.com pastry basics because asked to leave")
    assert "🚨" not in harmless.plain


@pytest.mark.parametrize(
    ("offer", "said"), [("everything", "🚨 High value: 199.00 USD."), ("sourdough", "")], ids=["high", "low"]
)
@over_http
async def test_high_value_is_marked_where_the_policy_says_what_is_high(idle, tmp_path, offer, said):
    (tmp_path / "policy.toml").write_text(
        '[danger]\nvalue = { at_least = 150, currency = "USD" }\n[default]\napprovers = "S0APPROVERS"\n'
    )
    path = str(tmp_path / "policy.toml")
    idle.settings = idle.settings.model_copy(update={"approvers": (), "policy_file": path})
    await idle.start()

    _, question = await idle.asks(idle.ada, f"/offer grant jane@example.com {offer} because one")

    assert said in question.plain
    assert ("🚨" in question.plain) is bool(said)

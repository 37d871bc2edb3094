"""Finer rules than a list of approvers: POLICY_FILE, as people in Slack meet it."""

import pytest

from tests.flow.following import all_told, cards, case_of, effects, history, over_http, over_socket
from tests.flow.steps import given_back, opened

DAY = 86_400.0
SMALL, LARGE = "/offer grant jane@example.com sourdough", "/offer grant jane@example.com everything"

RULES = """
admins = "U0OLGA"

[access]
request = ["U0ADA", "U0GRACE"]
look_up = "U0OLGA"

[managers]
U0ADA = "U0GRACE"

[[rule]]
name = "second goodwill"
when.customer_history = { at_least = 1, within_days = 60, action = "grant", reason = "*goodwill*" }
refuse = "One goodwill in two months is enough. <!channel>"

[[rule]]
name = "small"
when.price = { at_most = 100, currency = "USD" }
approvers = "manager"
reason = { pattern = '#\\d+', example = "refund, #4412" }
expires_after_days = 2
remind_after_hours = 12

[default]
approvers = "S0APPROVERS"
"""


@pytest.fixture
async def ruled(idle, tmp_path):
    """The bot works by these rules; `rules` puts others in their place and starts it again."""

    async def by(text):
        (tmp_path / "policy.toml").write_text(text)
        path = str(tmp_path / "policy.toml")
        idle.settings = idle.settings.model_copy(update={"approvers": (), "policy_file": path})
        await idle.restart()

    idle.rules = by
    await by(RULES)
    return idle


async def test_the_manager_of_the_requester_decides_where_the_rule_says_so(ruled):
    card, question = await ruled.asks(ruled.ada, f"{SMALL} because refund, #7")
    named = question.plain
    await ruled.grace.presses("approve", question)
    await ruled.ada.sees("Done, verified", in_=card)
    await all_told(ruled)

    assert "@Grace: please decide" in named
    assert "@offer-approvers" not in named
    assert "chosen by small" in named
    assert [one.by.id for one in (await case_of(ruled, card)).decisions] == [ruled.grace.id]


@over_http
async def test_who_is_named_by_another_rule_does_not_decide(ruled):
    small, question = await ruled.asks(ruled.grace, f"{LARGE} because refund, #7")

    assert "@offer-approvers: please decide" in question.plain
    assert "chosen by default" in question.plain
    card, _ = await ruled.asks(ruled.ada, f"{SMALL} because refund, #8")
    ruled.workspace.channels["C0SUPPORT"].members.add(ruled.linus.id)
    question = await ruled.linus.sees("Approve", in_=card)
    await ruled.linus.presses("approve", question)
    await ruled.linus.sees("You are not among those who may decide this: @Grace.", in_="ephemeral")
    await all_told(ruled)

    assert effects(ruled) == 0
    assert (await case_of(ruled, small)).decisions == (await case_of(ruled, card)).decisions == ()


@over_http
async def test_a_reason_without_what_the_rule_asks_for_is_refused_at_its_field_with_an_example(ruled):
    await opened(ruled.ada, f"{SMALL} because a refund")
    refused = await ruled.ada.submits()

    assert refused == {"reason": "The reason has to say more here, for example: refund, #4412."}
    assert cards(ruled) == []
    assert await ruled.ada.submits(reason="a refund, #9") == {}


@over_http
async def test_a_rule_refuses_in_its_own_words_which_ping_nobody(ruled):
    await ruled.asks(ruled.grace, f"{LARGE} because goodwill")
    await opened(ruled.ada, f"{SMALL} because once more, #7")
    refused = await ruled.ada.submits()

    assert list(refused.values()) == ["One goodwill in two months is enough. <!channel>"]
    assert len(cards(ruled)) == 1
    await ruled.passes(61 * DAY)
    assert await ruled.ada.submits() == {}


@over_http
async def test_who_has_no_manager_asks_in_vain_where_only_managers_decide(ruled):
    await opened(ruled.grace, f"{SMALL} because refund, #7")
    refused = await ruled.grace.submits()

    assert [said.split(".")[0] for said in refused.values()] == [
        "Nobody but you could approve this, and nobody approves their own request"
    ]


@over_http
async def test_who_may_not_ask_is_told_who_may_before_a_form_opens(ruled):
    await ruled.mallory.types(LARGE, channel="#support")
    told = await ruled.mallory.sees("You cannot do this here", in_="ephemeral")

    assert "@Ada and @Grace can" in told.plain
    assert ruled.mallory.form is None


@over_http
async def test_looking_up_is_for_those_who_are_named_who_ask_and_who_decide(ruled):
    await ruled.mallory.types("/offer who jane@example.com", channel="#support")
    await ruled.mallory.sees("You cannot do this here, but @Olga can.", in_="ephemeral")

    for person in (ruled.ada, ruled.olga, ruled.grace):
        await person.types("/offer who jane@example.com", channel="#support")
        await person.sees("Welcome Mini-Course", in_="ephemeral")


@over_http
async def test_a_rule_says_when_to_remind_and_when_to_give_up(ruled):
    card, _ = await ruled.asks(ruled.ada, f"{SMALL} because refund, #7")
    await ruled.passes(DAY / 2 + 60)
    await ruled.grace.sees("Still waiting", in_=card)
    await ruled.passes(1.5 * DAY)
    await ruled.ada.sees("Nobody decided in time", in_=card)
    await all_told(ruled)

    assert (await history(ruled, card))[-1] == "request.expired"


# --- a change of the file ------------------------------------------------------------------------------------------

OTHERS = '[default]\napprovers = "U0MALLORY"\n'
LOOSER = '[default]\napprovers = ["U0MALLORY", "U0GRACE"]\n'


@over_http
async def test_a_looser_file_lets_nobody_new_approve_what_waits_already(ruled):
    card, question = await ruled.asks(ruled.ada, LARGE + " because refund")
    await ruled.rules(LOOSER)
    await ruled.mallory.presses("approve", await ruled.mallory.sees("Approve", in_=card))
    await ruled.mallory.sees("The rules have changed since this was shown.", in_="ephemeral")

    assert effects(ruled) == 0
    await ruled.grace.presses("approve", question)
    await ruled.ada.sees("Done, verified", in_=card)


@over_socket
async def test_a_stricter_file_counts_at_once_for_what_waits_already(ruled):
    card, question = await ruled.asks(ruled.ada, LARGE + " because refund")
    await ruled.rules(OTHERS)
    await ruled.grace.presses("approve", question)
    await ruled.grace.sees("You are not among those who may decide this: @Mallory.", in_="ephemeral")
    await ruled.mallory.types("@Offerdesk deny not by these rules", thread=card)
    await ruled.ada.sees("not by these rules", in_="dm")
    await all_told(ruled)

    assert (effects(ruled), (await history(ruled, card))[-1]) == (0, "request.denied")


@over_http
async def test_what_the_rules_refuse_once_the_offer_is_known_comes_back_with_their_words(ruled):
    bundle = next(one for one in ruled.kajabi.books.offers.values() if one.title == "Everything Bundle")
    await ruled.rules(
        '[[rule]]\nname = "dear"\nwhen.price = { over = 500, currency = "USD" }\nrefuse = "Too dear for a gift."\n'
        '[default]\napprovers = "S0APPROVERS"\n'
    )
    bundle.price_in_cents = 90_000
    message = await given_back(ruled, ruled.ada, LARGE + " because refund", "The rules do not allow this.")

    assert "Too dear for a gift." in message.plain
    assert cards(ruled) == []


TERMS = """
[[rule]]
name = "elsewhere"
when.provider = "capillary"
refuse = "Points are granted in the shop."

[[rule]]
name = "long"
when.provider = "kajabi"
when.days = { over = 30 }
approvers = "U0OLGA"

[default]
approvers = "S0APPROVERS"
"""


@over_http
@pytest.mark.parametrize(
    ("limit", "says"),
    [
        ("for 30d", ("@offer-approvers", "default")),
        ("for 31d", ("@Olga", "long")),
        ("", ("@Olga", "long")),
    ],
)
async def test_who_decides_may_depend_on_the_provider_and_on_for_how_long_it_is(ruled, limit, says):
    await ruled.rules(TERMS)
    _, question = await ruled.asks(ruled.ada, f"{SMALL} {limit} because refund")

    assert f"{says[0]}: please decide" in question.plain
    assert f"chosen by {says[1]}" in question.plain

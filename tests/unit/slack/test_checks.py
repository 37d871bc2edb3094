import pytest

from bot.authority import Authority
from bot.domain.errors import Misconfigured
from bot.domain.policy import Used, of_approvers
from bot.policy_file import read_policy
from bot.slack.calls import open_session, slack_client
from bot.slack.checks import app_token_check, approvers_check, rooms_checks, scopes_check, slack_checks
from bot.slack.installation import Installation, read_installation
from bot.slack.manifest import OPTIONAL_SCOPES, SCOPES
from bot.slack.people import SlackPeople
from tests.unit.slack.town import a_town


class Nothing:
    """Nothing was asked before."""

    async def asked_since(self, since, *, requester="", contact=None, but=""):
        return ()

    async def asked_for_each(self, request_id, since):
        return ()

    async def used(self, scope, *, but=""):
        return Used()


async def who_decides(town, *approvers):
    people = SlackPeople(town.client, installation=await town.installation(), clock=town.clock)
    return people, Authority(of_approvers(approvers), people, Nothing())


async def test_a_good_installation_passes_every_check():
    async with a_town() as town:
        people, authority = await who_decides(town, "U0BOB", "U0CAROL")
        installation = await town.installation()
        found = await slack_checks(
            installation, people=people, authority=authority, channels={"APPROVALS_CHANNEL": "C0OFFERS"}
        )

        assert [(check.name, check.ok) for check in found] == [
            ("Slack", True),
            ("scopes", True),
            ("APPROVALS_CHANNEL", True),
            ("APPROVERS", True),
        ]
        assert found[-1].says == "Bob, Carol may decide."
        assert installation.scopes == {*SCOPES, *OPTIONAL_SCOPES}
        assert installation.bot_id == town.world.bot_id


@pytest.mark.parametrize(
    ("code", "setting"), [("invalid_auth", "SLACK_BOT_TOKEN"), ("internal_error", "SLACK_API_URL")]
)
async def test_a_token_that_does_not_work_is_named_with_its_setting(code, setting):
    async with a_town() as town:
        town.world.troubles.refuse("auth.test", code)

        with pytest.raises(Misconfigured, match=setting) as stopped:
            await read_installation(town.client)
        assert town.world.bot_token not in str(stopped.value)


async def test_where_there_is_no_slack_the_start_says_so():
    async with open_session() as session:
        client = slack_client("xoxb-1", base_url="http://127.0.0.1:9/api/", session=session)

        with pytest.raises(Misconfigured, match=r"could not be reached at http://127\.0\.0\.1:9/api/"):
            await read_installation(client)


def test_a_missing_scope_is_named_with_what_to_do():
    check = scopes_check(Installation(team="T1", scopes=frozenset(SCOPES) - {"im:write"}))

    assert not check.ok
    assert check.says.startswith("im:write missing: reinstall the app")


def test_a_refused_optional_scope_is_no_failure_but_says_what_is_lost():
    check = scopes_check(Installation(team="T1", scopes=frozenset(SCOPES)))

    assert check.ok
    assert all(scope in check.says for scope in OPTIONAL_SCOPES)


async def test_a_channel_that_the_bot_is_not_in_is_named_with_its_setting():
    async with a_town() as town:
        town.world.add_channel("closed", id="C0CLOSED", private=True, bot=False)
        people, authority = await who_decides(town, "U0BOB", "U0CAROL")
        found = await slack_checks(
            await town.installation(), people=people, authority=authority, channels={"ALERTS_CHANNEL": "C0CLOSED"}
        )

        assert [(check.ok, "/invite" in check.says) for check in found if check.name == "ALERTS_CHANNEL"] == [
            (False, True)
        ]


async def test_approvers_who_cannot_decide_are_named_with_the_reason():
    async with a_town() as town:
        town.world.add_person("Dan", id="U0DAN", deleted=True)
        town.world.add_person("Eve", id="U0EVE", guest=True)
        town.world.add_group("empty", id="S0EMPTY")
        check = await approvers_check(*await who_decides(town, "U0DAN", "U0EVE", "U0GHOST", "S0EMPTY"))

        assert not check.ok
        assert check.says == (
            "nobody may decide: name people or user groups. Not counted: U0DAN (deactivated), U0EVE (a guest), "
            "U0GHOST (not in this workspace), S0EMPTY (a user group with nobody in it)."
        )


async def test_a_rule_under_which_nobody_may_decide_is_named_with_whom_it_names():
    rules = '[[rule]]\nname = "big"\nwhen.action = "grant"\napprovers = "S0EMPTY"\n[default]\napprovers = "U0BOB"\n'
    async with a_town() as town:
        town.world.add_group("empty", id="S0EMPTY")
        people, _ = await who_decides(town)
        check = await approvers_check(people, Authority(read_policy(f'admins = "U0GHOST"\n{rules}'), people, Nothing()))

        assert (check.name, check.ok, check.doubtful) == ("POLICY_FILE", True, True)
        assert check.says == (
            "Bob may decide. Name another one: nobody decides on a request of their own. "
            "Under “big” nobody may decide: name others. "
            "Not counted: S0EMPTY (a user group with nobody in it), U0GHOST (not in this workspace)."
        )


async def test_one_approver_alone_is_warned_of():
    async with a_town() as town:
        check = await approvers_check(*await who_decides(town, "U0BOB"))

        assert check.ok
        assert "Name another one" in check.says


async def test_that_slack_cannot_be_asked_is_no_crash():
    async with a_town() as town:
        people, authority = await who_decides(town, "U0BOB")
        town.world.troubles.down = True
        check = await approvers_check(people, authority)

        assert not check.ok


async def test_the_token_of_socket_mode_is_tried():
    async with a_town() as town:
        good = await app_token_check(town.client, town.world.app_token)
        bad = await app_token_check(town.client, "xapp-wrong")

        assert (good.ok, bad.ok) == (True, False)
        assert "SLACK_APP_TOKEN" in bad.says
        assert "xapp-wrong" not in bad.says


ROOMS = """
[[rule]]
name = "dear"
when.price = { over = 100, currency = "USD" }
approvers = ["U0BOB", "U0CAROL"]
channel = "C0OFFERS"

[default]
approvers = ["U0BOB", "U0CAROL"]
channel = "C0CLOSED"
"""


async def test_a_rules_channel_in_which_the_bot_cannot_post_is_named_with_the_rule():
    async with a_town() as town:
        people, _ = await who_decides(town)
        authority = Authority(read_policy(ROOMS), people, Nothing())
        closed = await rooms_checks(people, authority.policy)
        town.world.add_channel("closed", id="C0CLOSED", members=["U0BOB"])
        town.clock.now += 61
        open_ = await slack_checks(await town.installation(), people=people, authority=authority, channels={})

        assert [(check.ok, check.passing, check.says) for check in closed] == [
            (
                False,
                True,
                "the bot cannot post in C0CLOSED, where “default” wants its cards: invite it there (/invite).",
            )
        ]
        assert open_[-1].says == "the bot can post in C0CLOSED, C0OFFERS."
        assert open_[-1].ok


async def test_where_no_rule_names_a_channel_there_is_nothing_to_check():
    async with a_town() as town:
        people, authority = await who_decides(town, "U0BOB")

        assert await rooms_checks(people, authority.policy) == []


BUDGETS = """
[default]
approvers = ["U0BOB", "U0CAROL"]

[[budget]]
name = "Support"
members = ["S0GONE", "U0ADA"]
each_month = { USD = 100 }
approvers = "S0NOBODY"

[[budget]]
name = "Sales"
members = "S0SALES"
each_month = { USD = 100 }
approvers = "U0CAROL"
"""


async def test_a_budget_of_a_group_that_is_gone_or_that_nobody_can_go_beyond_is_named():
    async with a_town() as town:
        town.world.add_group("sales", id="S0SALES", members=["U0ADA"])
        people, _ = await who_decides(town)
        check = await approvers_check(people, Authority(read_policy(BUDGETS), people, Nothing()))

        assert (check.ok, check.doubtful) == (True, True)
        assert check.says == (
            "Bob, Carol may decide. "
            "The budget “Support” is for a user group that is gone (S0GONE), so nobody can be granted what costs "
            "something: name another group. "
            "Beyond the budget “Support” nothing can ever be approved: name others who approve what goes beyond it. "
            "Not counted: S0NOBODY (a user group that is gone: name another one), "
            "S0GONE (a user group that is gone: name another one)."
        )


HOPELESS = """
[[rule]]
name = "three"
when.action = "grant"
when.price = { over = 100, currency = "USD" }
approvers = "S0TWO"
quorum = 3

[[rule]]
name = "own"
when.requester = "U0ADA"
approvers = "U0ADA"

[[rule]]
name = "late"
when.action = "grant"
approvers = "S0TWO"
escalate_after_hours = 4
escalate_to = "U0BOB"

[default]
approvers = "S0TWO"
"""


async def test_rules_that_lead_nowhere_are_named_each_with_what_is_wrong():
    async with a_town() as town:
        town.world.add_group("two", id="S0TWO", members=["U0BOB", "U0CAROL"])
        people, _ = await who_decides(town)
        check = await approvers_check(people, Authority(read_policy(HOPELESS), people, Nothing()))

        assert (check.ok, check.doubtful) == (True, True)
        assert check.says == (
            "Ada, Bob, Carol may decide. "
            "Under “three” it takes 3 approvals, and only 2 can be given: name others. "
            "Under “own” only those may decide who ask, and nobody decides on their own: name others. "
            "Under “late” it is escalated only to people who may decide anyway: name others."
        )

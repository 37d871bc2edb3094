import asyncio

import pytest

from bot.domain.errors import ChannelUnreachable, GroupGone, StandingUnknown
from bot.domain.request import Person
from bot.slack.manifest import manifest
from bot.slack.people import SlackPeople
from tests.unit.slack.town import a_town

BOB = Person("T0SANDBOX", "U0BOB")


async def people_of(town):
    return SlackPeople(town.client, installation=await town.installation(), clock=town.clock)


def without_scope(scope):
    declared = manifest()
    declared["oauth_config"]["scopes"]["bot"].remove(scope)
    return declared


@pytest.mark.parametrize(
    ("traits", "found"),
    [
        ({}, (True, False, False, True)),
        ({"deleted": True}, (False, False, False, True)),
        ({"guest": True}, (True, True, False, True)),
        ({"bot": True}, (True, False, True, True)),
        ({"team_id": "T0OTHER"}, (True, False, False, False)),
    ],
)
async def test_a_person_is_what_slack_says(traits, found):
    async with a_town() as town:
        town.world.add_person("Zoe", id="U0ZOE", **traits)
        profile = await (await people_of(town)).profile(Person("", "U0ZOE"))

        assert (profile.active, profile.guest, profile.bot, profile.ours) == found
        assert profile.name == "Zoe"


async def test_somebody_whom_slack_does_not_know_is_nobody_of_ours():
    async with a_town() as town:
        profile = await (await people_of(town)).profile(Person("", "U0GHOST"))

        assert (profile.active, profile.ours) == (False, False)


async def test_our_users_id_under_another_workspace_is_not_our_user():
    async with a_town() as town:
        people = await people_of(town)

        assert (await people.profile(BOB)).ours
        assert not (await people.profile(Person("T0OTHER", "U0BOB"))).ours


async def test_an_answer_serves_as_long_as_it_is_young_enough():
    async with a_town() as town:
        people = await people_of(town)
        await people.profile(BOB)
        town.clock.now += 61
        await people.profile(BOB, max_age=300)
        await people.profile(BOB, max_age=60)

        assert len(town.calls("users.info")) == 2


async def test_who_asks_at_the_same_time_shares_one_question():
    async with a_town() as town:
        people = await people_of(town)
        await asyncio.gather(*(people.profile(BOB) for _ in range(20)))

        assert len(town.calls("users.info")) == 1


async def test_one_who_stops_waiting_does_not_take_the_answer_from_the_others():
    async with a_town() as town:
        people = await people_of(town)
        town.world.troubles.slow("users.info", 0.1)
        first, second = (asyncio.ensure_future(people.profile(BOB)) for _ in range(2))
        await asyncio.sleep(0.02)
        first.cancel()

        assert (await second).name == "Bob"
        assert first.cancelled()


async def test_news_about_a_person_is_asked_for_at_once():
    async with a_town() as town:
        people = await people_of(town)
        await people.profile(BOB)
        town.world.change_person("Bob", deleted=True)
        await people.forget_person("U0BOB")

        assert not (await people.profile(BOB)).active


async def test_an_answer_from_before_the_news_is_not_kept():
    async with a_town() as town:
        people = await people_of(town)
        town.world.troubles.slow("users.info", 0.1)
        asked = asyncio.ensure_future(people.profile(BOB))
        await asyncio.sleep(0.02)
        await people.forget_person("U0BOB")
        await asked
        await people.profile(BOB)

        assert len(town.calls("users.info")) == 2


async def test_when_slack_cannot_be_asked_nobodys_standing_is_known():
    async with a_town() as town:
        people = await people_of(town)
        await people.profile(BOB)
        town.world.troubles.down = True
        town.clock.now += 200

        assert (await people.profile(BOB, max_age=300)).active
        with pytest.raises(StandingUnknown):
            await people.profile(BOB, max_age=60)
        with pytest.raises(StandingUnknown):
            await people.members("S0MANAGERS")
        with pytest.raises(StandingUnknown):
            await people.outside("C0OFFERS", ["U0BOB"])
        with pytest.raises(StandingUnknown):
            await people.reach("C0OFFERS")


async def test_a_failure_is_not_remembered():
    async with a_town() as town:
        people = await people_of(town)
        town.world.troubles.fail("users.info")
        with pytest.raises(StandingUnknown):
            await people.profile(BOB)

        assert (await people.profile(BOB)).active


async def test_a_groups_members_are_read_and_read_again_when_it_changes():
    async with a_town() as town:
        town.world.add_group("managers", id="S0MANAGERS", members=["Bob"])
        people = await people_of(town)
        before = await people.members("S0MANAGERS")
        town.world.change_group("managers", ["Bob", "Carol"])
        kept = await people.members("S0MANAGERS")
        await people.forget_group("S0MANAGERS")

        assert (before, kept) == ({"U0BOB"}, {"U0BOB"})
        assert await people.members("S0MANAGERS") == {"U0BOB", "U0CAROL"}


async def test_a_group_that_is_gone_is_not_taken_for_an_empty_one():
    async with a_town() as town:
        people = await people_of(town)
        for _ in range(2):  # the second time from what is remembered
            with pytest.raises(GroupGone):
                await people.members("S0NOWHERE")


async def test_who_is_not_in_the_channel_is_found_over_all_pages():
    async with a_town() as town:
        crowd = [town.world.add_person(f"p{number}").id for number in range(1200)]
        town.world.add_channel("crowd", id="C0CROWD", members=crowd)
        outside = await (await people_of(town)).outside("C0CROWD", [crowd[0], crowd[-1], "U0CAROL"])

        assert outside == {"U0CAROL"}
        assert len(town.calls("conversations.members")) == 2


async def test_where_members_cannot_be_seen_everybody_is_taken_for_absent():
    async with a_town(declared=without_scope("channels:read")) as town:
        assert await (await people_of(town)).outside("C0OFFERS", ["U0BOB"]) == {"U0BOB"}


async def test_a_channel_is_reached_where_the_bot_can_post():
    async with a_town() as town:
        town.world.add_channel("open", id="C0OPEN", bot=False)
        town.world.add_channel("closed", id="C0CLOSED", bot=False, private=True)
        town.world.add_channel("old", id="C0OLD", archived=True)
        people = await people_of(town)

        await people.reach("C0OFFERS")
        await people.reach("C0OPEN")
        for unreachable in ("C0CLOSED", "C0OLD", "C0NOWHERE", "D0SOMEBODY"):
            with pytest.raises(ChannelUnreachable):
                await people.reach(unreachable)


async def test_without_the_public_scope_the_bot_posts_only_where_it_is_and_an_invitation_counts_at_once():
    async with a_town(optional_scopes=False) as town:
        town.world.add_channel("open", id="C0OPEN", bot=False)
        people = await people_of(town)
        with pytest.raises(ChannelUnreachable):
            await people.reach("C0OPEN")
        town.world.join("C0OPEN", town.world.bot.id)

        await people.reach("C0OPEN")


async def test_a_channel_that_may_not_be_looked_at_is_left_to_posting():
    async with a_town(declared=without_scope("channels:read")) as town:
        await (await people_of(town)).reach("C0OFFERS")

        assert [call.answer["error"] for call in town.calls("conversations.info")] == ["missing_scope"]

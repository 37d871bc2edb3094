"""Taking back: named ids, all of them, the enrolment, and everything that is refused."""

from __future__ import annotations

import pytest

from tests.contract.capillary_world import codes, entry, results


@pytest.fixture
def issued(world):
    """Two issues of the club for Jane, the ids."""
    return [world.capillary.issue(world.jane, world.club).id for _ in range(2)]


async def test_named_ids_are_taken_back_and_no_others(world, issued):
    (told,) = results(await world.client.bulk("REVOKE_EARN", world.club, entry(world.jane, earnIds=issued[:1])))
    (timeline,) = await world.client.timelines(world.jane, world.club)

    assert told["revokedEarnIds"] == issued[:1]
    assert [one["issualId"] for one in timeline["issuedDetails"]] == issued[1:]


async def test_no_ids_mean_all_of_them(world, issued):
    (told,) = results(await world.client.bulk("REVOKE_EARN", world.club, world.jane))

    assert told["revokedEarnIds"] == issued
    assert world.capillary.holds(world.jane) == {str(world.club.id)}


@pytest.mark.parametrize(("conduct", "expected"), [("all", [[]]), ("refused", [[8903]])])
async def test_an_empty_list_of_ids_is_not_documented(world, issued, conduct, expected):
    world.conduct.empty_earn_ids = conduct

    assert codes(await world.client.bulk("REVOKE_EARN", world.club, entry(world.jane, earnIds=[]))) == expected


async def test_ids_that_are_wrong_or_gone_are_refused_together(world, issued):
    async def revoke(*ids):
        return codes(await world.client.bulk("REVOKE_EARN", world.club, entry(world.jane, earnIds=list(ids))))

    assert await revoke(issued[0], 1) == [[8903]]
    assert await revoke(issued[0]) == [[]]
    assert await revoke(issued[0]) == [[8903]]
    assert world.capillary.effects["REVOKE_EARN", world.jane.id, world.club.id] == 1


@pytest.mark.parametrize("code", [2305, 8903])
async def test_where_nothing_is_held_nothing_is_taken(world, code):
    world.conduct.nothing_to_revoke = code
    for action in ("REVOKE_EARN", "REVOKE_ENROL"):
        assert codes(await world.client.bulk(action, world.club, world.jane)) == [[code]]


@pytest.mark.parametrize(("name", "told"), [("issualId", "36001"), ("revokedIssualId", 36001)])
async def test_an_enrolment_is_taken_back_under_one_of_two_names(world, name, told):
    world.conduct.enrolment_id = name
    world.capillary.enrol(world.jane, world.club)
    (result,) = results(await world.client.bulk("REVOKE_ENROL", world.club, world.jane))

    assert result[name] == told
    assert world.capillary.holds(world.jane) == set()
    assert await world.client.timelines(world.jane, world.club) == []


@pytest.mark.parametrize(
    ("conduct", "expected", "left"), [("refused", [[8904]], 2), ("dropped", [[]], 0), ("kept", [[]], 2)]
)
async def test_an_enrolment_with_something_issued_is_not_documented(world, issued, conduct, expected, left):
    world.conduct.remaining_issues = conduct

    assert codes(await world.client.bulk("REVOKE_ENROL", world.club, world.jane)) == expected
    timelines = await world.client.timelines(world.jane, world.club)
    assert sum(len(one["issuedDetails"]) for one in timelines) == left


async def test_a_direct_issue_is_gone_with_its_last_id(world):
    ids = [world.capillary.issue(world.jane, world.voucher).id for _ in range(2)]
    await world.client.bulk("REVOKE_EARN", world.voucher, entry(world.jane, earnIds=ids))

    assert await world.client.timelines(world.jane, world.voucher) == []


@pytest.mark.parametrize(
    ("which", "action"), [("voucher", "REVOKE_ENROL"), ("everybody", "REVOKE_EARN"), ("club", "REVOKE_ISSUAL")]
)
async def test_a_type_knows_only_its_actions(world, which, action):
    answer = await world.client.bulk(action, getattr(world, which), world.jane)

    assert codes(answer) == [[8902]]
    assert answer.json()["response"][0]["errors"][0]["message"].startswith("revoke bulk action passed")


async def test_a_promotion_that_is_over_cannot_be_taken_back(world, issued):
    world.club.active = False

    assert codes(await world.client.bulk("REVOKE_EARN", world.club, entry(world.jane, earnIds=issued))) == [[8892]]


async def test_what_was_taken_back_may_stay_listed(world, issued):
    world.conduct.revoked_entries = "listed"
    await world.client.bulk("REVOKE_EARN", world.club, world.jane)
    await world.client.bulk("REVOKE_ENROL", world.club, world.jane)
    (timeline,) = await world.client.timelines(world.jane, world.club)

    assert [one["issualId"] for one in timeline["issuedDetails"]] == issued
    assert world.capillary.holds(world.jane) == set()

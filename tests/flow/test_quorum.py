"""Rules that want more than one approval, as the approvers meet them."""

import asyncio

import pytest

from tests.flow.following import (
    GRANT,
    all_told,
    arrives,
    case_of,
    click_of,
    effects,
    history,
    id_of,
    in_thread,
    mention_in,
    over_http,
    over_socket,
    redelivered,
)

DAY = 86_400.0
TWO = '[default]\napprovers = ["S0APPROVERS", "U0OLGA"]\nquorum = 2\n'
SIDES = '[default]\none_from_each = ["S0APPROVERS", "S0FINANCE"]\n'
SO_FAR = "1 of 2 have approved: @Grace. One more is needed, from @offer-approvers or @Olga."


@pytest.fixture
async def ruled(idle, tmp_path):
    """The bot works by the rule for two; `rules` puts others in their place and starts it again."""

    async def by(text):
        (tmp_path / "policy.toml").write_text(text)
        path = str(tmp_path / "policy.toml")
        idle.settings = idle.settings.model_copy(update={"approvers": (), "policy_file": path})
        await idle.restart()

    idle.workspace.add_group("finance", id="S0FINANCE", members=["Grace", "Olga"])
    idle.rules = by
    await by(TWO)
    return idle


async def approvers(desk, card):
    return sorted(one.by.id for one in (await case_of(desk, card)).approvals)


async def state(desk, card):
    return (await case_of(desk, card)).request.state.value


async def half_approved(desk):
    """Ada asks, and Grace approves: one more is needed."""
    card, question = await desk.asks(desk.ada, GRANT)
    await desk.grace.presses("approve", question)
    await desk.ada.sees(SO_FAR, in_=card)
    await all_told(desk)
    return card, question


async def test_two_approve_and_only_then_it_is_done(ruled):
    card, question = await ruled.asks(ruled.ada, GRANT)
    asked = (question.plain, card.plain)
    await ruled.grace.presses("approve", question)
    await ruled.ada.sees(SO_FAR, in_=card)
    await all_told(ruled)
    half = (card.plain, question.plain, "Withdraw" in question.buttons, effects(ruled), await state(ruled, card))
    await ruled.olga.presses("approve", question)
    await ruled.ada.sees("Done, verified", in_=card)
    await all_told(ruled)

    assert all("It takes 2 approvals, each by somebody else." in one for one in asked)
    assert SO_FAR in half[0]
    assert SO_FAR in half[1]
    assert half[2:] == (True, 0, "pending")
    assert await approvers(ruled, card) == [ruled.grace.id, ruled.olga.id]
    assert "Approved by @Grace and @Olga" in card.plain
    assert question.buttons == []
    assert (await history(ruled, card))[2:4] == ["approval.given", "request.approved"]
    assert effects(ruled) == 1


async def test_the_same_person_twice_is_one_approval_and_is_told_kindly(ruled):
    card, question = await half_approved(ruled)
    await ruled.grace.presses("approve", question)
    said = await ruled.grace.sees("You have approved this already, thank you.", in_="ephemeral")
    await ruled.grace.types("@Offerdesk approve", thread=card)
    await all_told(ruled)

    assert "One more is needed, from @offer-approvers or @Olga." in said.plain
    assert (await approvers(ruled, card), effects(ruled)) == ([ruled.grace.id], 0)


@over_http
async def test_two_who_click_at_once_fill_it_exactly_once(ruled):
    card, question = await ruled.asks(ruled.ada, GRANT)
    ruled.workspace.channels["C0SUPPORT"].members.add(ruled.linus.id)
    people = [ruled.grace, ruled.linus, ruled.olga]
    clicks = [(one, click_of(one, "approve", question)) for one in people for _ in range(3)]
    await asyncio.gather(*(arrives(one, click) for one, click in clicks))
    await ruled.ada.sees("Done, verified", in_=card)
    await all_told(ruled)
    told = await history(ruled, card)

    assert (told.count("approval.given"), told.count("request.approved")) == (1, 1)
    assert len(await approvers(ruled, card)) == 2
    assert effects(ruled) == 1


async def test_an_approval_is_withdrawn_with_the_button_and_given_again(ruled):
    card, question = await half_approved(ruled)
    await ruled.olga.presses("withdraw", question)
    await ruled.olga.sees("No approval of yours counts here", in_="ephemeral")
    await ruled.grace.presses("withdraw", question)
    await ruled.ada.sees("@Grace withdrew their approval. 0 of 2 have approved.", in_=card)
    await all_told(ruled)
    without = (await approvers(ruled, card), "Withdraw" in question.buttons)
    await ruled.olga.presses("approve", question)
    await ruled.ada.sees("1 of 2 have approved: @Olga.", in_=card)
    await ruled.grace.presses("approve", question)
    await ruled.ada.sees("Done, verified", in_=card)
    await all_told(ruled)

    assert without == ([], False)
    assert "approval.withdrawn" in await history(ruled, card)
    assert await approvers(ruled, card) == [ruled.grace.id, ruled.olga.id]


async def test_an_approval_is_withdrawn_by_a_mention(ruled):
    card, _ = await half_approved(ruled)
    await ruled.grace.types("@Offerdesk withdraw", thread=card)
    await ruled.ada.sees("@Grace withdrew their approval.", in_=card)

    assert await approvers(ruled, card) == []


@over_http
async def test_what_is_decided_is_withdrawn_no_more(ruled):
    card, question = await half_approved(ruled)
    late = click_of(ruled.grace, "withdraw", question)
    await ruled.olga.presses("approve", question)
    await ruled.ada.sees("Done, verified", in_=card)
    await arrives(ruled.grace, late)
    await ruled.grace.sees("This is no longer waiting for a decision.", in_="ephemeral")

    assert await approvers(ruled, card) == [ruled.grace.id, ruled.olga.id]


@over_http
async def test_one_denial_ends_it_also_by_one_who_had_approved(ruled):
    card, _ = await half_approved(ruled)
    await ruled.grace.types("@Offerdesk deny I have looked again", thread=card)
    await ruled.ada.sees("I have looked again", in_="dm")
    await all_told(ruled)

    assert (await state(ruled, card), effects(ruled)) == ("denied", 0)
    assert "Denied by @Grace" in card.plain


@over_socket
async def test_one_denial_ends_it_whoever_has_approved(ruled):
    card, _ = await half_approved(ruled)
    await ruled.olga.types("@Offerdesk deny too dear", thread=card)
    await ruled.ada.sees("too dear", in_="dm")

    assert (await state(ruled, card), effects(ruled)) == ("denied", 0)


@over_http
async def test_the_requester_fills_no_quorum(ruled):
    await ruled.rules('[default]\napprovers = ["U0ADA", "U0GRACE", "U0OLGA"]\nquorum = 2\n')
    card, question = await ruled.asks(ruled.ada, GRANT)
    await ruled.grace.presses("approve", question)
    await ruled.ada.sees("One more is needed, from @Olga.", in_=card)
    await ruled.ada.presses("approve", question)
    await ruled.ada.sees("Nobody decides on a request of their own.", in_="ephemeral")

    assert (await approvers(ruled, card), effects(ruled)) == ([ruled.grace.id], 0)


@over_http
async def test_who_left_before_the_quorum_is_full_counts_no_more(ruled):
    card, question = await half_approved(ruled)
    ruled.workspace.change_person("Grace", deleted=True)
    await ruled.slack.settled()
    await ruled.olga.presses("approve", question)
    await ruled.ada.sees("1 of 2 have approved: @Olga.", in_=card)
    await all_told(ruled)

    assert "The approval of @Grace counts no more" in " ".join(in_thread(card))
    assert (await approvers(ruled, card), effects(ruled)) == ([ruled.olga.id], 0)


@over_http
async def test_when_one_of_two_left_before_the_call_both_approvals_are_void_and_it_is_asked_anew(ruled):
    card, question = await half_approved(ruled)
    down = ruled.kajabi.trouble("unavailable", method="GET")
    await ruled.olga.presses("approve", question)
    await ruled.ada.sees("I try again by myself", in_=card)
    ruled.workspace.group("offer-approvers").members.remove(ruled.grace.id)  # and Slack's event is lost
    await ruled.passes(61)
    down.stop()
    await ruled.ada.sees("Not all who approved may still decide on this.", in_=card)
    direct = await ruled.linus.sees("version 2", in_="dm")
    void = (await approvers(ruled, card), effects(ruled))
    await ruled.linus.presses("approve", direct)
    await ruled.ada.sees("1 of 2 have approved: @Linus.", in_=card)
    anew = await ruled.olga.sees("version 2", in_=card)
    await ruled.olga.presses("approve", anew)
    await ruled.ada.sees("Done, verified", in_=card)

    assert void == ([], 0)
    assert await approvers(ruled, card) == [ruled.linus.id, ruled.olga.id]


@over_http
async def test_an_approval_that_slack_brings_again_after_it_was_withdrawn_counts_no_more(ruled):
    card, question = await ruled.asks(ruled.ada, GRANT)
    await ruled.grace.types("@Offerdesk approve", thread=card)
    await ruled.ada.sees(SO_FAR, in_=card)
    approval = mention_in(ruled)
    await ruled.grace.presses("withdraw", question)
    await ruled.ada.sees("@Grace withdrew their approval.", in_=card)
    await redelivered(ruled, approval)
    await all_told(ruled)

    assert await approvers(ruled, card) == []


@over_http
async def test_who_is_asked_directly_sees_there_how_far_it_has_come(ruled):
    _, question = await ruled.asks(ruled.ada, GRANT)
    asked = await ruled.linus.sees("asks in #support, where you are not", in_="dm")
    await ruled.grace.presses("approve", question)
    await ruled.linus.sees("1 of 2 have approved: @Grace.", in_="dm")
    await ruled.linus.presses("approve", asked)
    await ruled.linus.sees("Approved by @Grace and @Linus", in_="dm")


@over_http
async def test_only_who_has_not_approved_yet_is_reminded(ruled):
    card, _ = await ruled.asks(ruled.ada, GRANT)
    await ruled.linus.presses("approve", await ruled.linus.sees("Approve", in_="dm"))
    await ruled.ada.sees("1 of 2 have approved: @Linus.", in_=card)
    await all_told(ruled)
    await ruled.passes(DAY + 60)
    await ruled.ada.sees("Still waiting", in_=card)
    await all_told(ruled)
    await ruled.passes(60)
    await ruled.olga.sees("1 request waits for your decision.", in_="dm")
    await all_told(ruled)

    assert len(ruled.linus.messages("dm")) == 1


@over_http
async def test_one_of_each_group_is_needed_and_nobody_stands_for_both(ruled):
    await ruled.rules(SIDES)
    card, question = await ruled.asks(ruled.ada, GRANT)
    asked = question.plain
    await ruled.grace.presses("approve", question)
    await ruled.ada.sees("1 of 2 have approved: @Grace.", in_=card)
    await ruled.olga.presses("approve", question)
    await ruled.ada.sees("Done, verified", in_=card)

    assert "one from @offer-approvers and one from @finance have to approve" in asked
    assert await approvers(ruled, card) == [ruled.grace.id, ruled.olga.id]


@over_http
async def test_who_has_approved_finds_it_at_home_no_more_and_the_others_do(ruled):
    await ruled.grace.opens_home()
    await ruled.olga.opens_home()
    card, _ = await half_approved(ruled)
    await ruled.grace.sees("Nothing waits for your decision.", in_="home")
    waiting = await ruled.olga.sees(SO_FAR, in_="home")

    assert id_of(card) in waiting.plain


@over_http
async def test_a_request_that_too_few_may_approve_is_refused_at_the_form(ruled):
    await ruled.rules('[default]\napprovers = ["U0ADA", "U0GRACE"]\nquorum = 2\n')
    await ruled.ada.types(GRANT, channel="#support")
    await ruled.ada.sees("Send", in_="view")
    refused = await ruled.ada.submits()

    assert [said.split(",")[0] for said in refused.values()] == ["It takes 2 people to approve this"]


async def test_an_edit_between_two_approvals_voids_the_first_and_its_author_fills_no_quorum(ruled):
    card, question = await half_approved(ruled)
    late = click_of(ruled.grace, "withdraw", question)
    await ruled.olga.presses("edit", question)
    await ruled.olga.sees("Send", in_="view")
    assert await ruled.olga.submits(reason="a better reason") == {}
    anew = await ruled.grace.sees("version 2", in_=card)
    void = await ruled.grace.sees("@Olga changed the reason. Earlier approvals are void.", in_="dm")
    await ruled.ada.sees("@Olga changed the reason", in_="dm")
    await arrives(ruled.grace, late)
    await ruled.grace.sees("Things have changed since you were asked", in_="ephemeral")
    await all_told(ruled)
    after_edit = (await approvers(ruled, card), await state(ruled, card))
    for person in (ruled.olga, ruled.ada):
        await person.presses("approve", anew)
        await person.sees("Nobody decides on a request of their own.", in_="ephemeral")
    await ruled.grace.presses("approve", anew)
    await ruled.ada.sees("1 of 2 have approved: @Grace. One more is needed, from @offer-approvers.", in_=card)
    await ruled.grace.presses("withdraw", anew)
    await ruled.ada.sees("@Grace withdrew their approval. 0 of 2 have approved.", in_=card)
    direct = await ruled.linus.sees("version 2", in_="dm")
    await ruled.linus.presses("approve", direct)
    await ruled.ada.sees("1 of 2 have approved: @Linus.", in_=card)
    before = effects(ruled)
    await ruled.grace.presses("approve", anew)
    await ruled.ada.sees("Done, verified", in_=card)
    await all_told(ruled)

    assert "asked by @Ada" in void.plain
    assert after_edit == ([], "pending")
    assert before == 0
    assert await approvers(ruled, card) == [ruled.grace.id, ruled.linus.id]
    assert effects(ruled) == 1


@over_http
async def test_one_denial_ends_it_after_an_edit_and_an_approval_and_never_by_the_editor(ruled):
    card, question = await half_approved(ruled)
    await ruled.olga.presses("edit", question)
    await ruled.olga.sees("Send", in_="view")
    assert await ruled.olga.submits(reason="a better reason") == {}
    anew = await ruled.grace.sees("version 2", in_=card)
    await ruled.grace.presses("approve", anew)
    await ruled.ada.sees("1 of 2 have approved: @Grace.", in_=card)
    await ruled.olga.types("@Offerdesk deny not any more", thread=card)
    await ruled.olga.sees("Nobody decides on a request of their own.", in_="ephemeral")
    between = await state(ruled, card)
    await ruled.linus.sees("1 of 2 have approved: @Grace.", in_="dm")
    await ruled.grace.types("@Offerdesk deny I was wrong", thread=card)
    await ruled.ada.sees("I was wrong", in_="dm")
    await all_told(ruled)

    assert between == "pending"
    assert (await state(ruled, card), effects(ruled)) == ("denied", 0)


async def doubted(desk, card):
    return [line for line in in_thread(card) if "look like the same mailbox" in line]


@pytest.mark.parametrize("at_once", [False, True], ids=["one after the other", "at once"])
async def test_two_approvers_with_one_mailbox_are_told_in_the_thread_and_the_audit(ruled, at_once):
    for name, address in (("Ada", "ada@school.example"), ("Grace", "g@school.example"), ("Olga", "g+2@school.example")):
        ruled.workspace.change_person(name, email=address)
    await ruled.slack.settled()
    card, question = await ruled.asks(ruled.ada, GRANT)
    presses = [one.presses("approve", question) for one in (ruled.grace, ruled.olga)]
    if at_once:
        await asyncio.gather(*presses)
    else:
        for press in presses:
            await press
    await ruled.ada.sees("Done, verified", in_=card)
    await all_told(ruled)
    (line,) = await doubted(ruled, card)

    assert {"@Grace", "@Olga"} == {word.strip(".,") for word in line.split() if word.startswith("@")}
    assert line.endswith("one person has approved twice.")
    assert (await history(ruled, card)).count("request.doubted") == 1

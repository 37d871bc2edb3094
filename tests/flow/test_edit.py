"""What is asked is changed before it is decided: asked anew, for everybody to see, and never decided by its editor."""

import asyncio

import pytest

from tests.flow.following import GRANT, all_told, arrives, case_of, click_of, effects, history, in_thread, over_http
from tests.flow.steps import field

MIA = "mia.chen@example.com"


async def edits(person, message, **fields):
    """Press Edit, change some fields, send; return what was refused."""
    await person.presses("edit", message)
    await person.sees("Send", in_="view")
    return await person.submits(**fields)


async def asked_anew(desk, card, version=2):
    return await desk.grace.sees(f"version {version}", in_=card)


async def test_an_edited_request_is_asked_anew_and_what_was_approved_is_what_is_done(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    await all_told(desk)
    await desk.ada.presses("edit", question)
    form = await desk.ada.sees("Send", in_="view")
    filled = field(desk.ada, "customer"), field(desk.ada, "reason")
    assert await desk.ada.submits(customer=MIA, reason="refund case 4413") == {}
    anew = await asked_anew(desk, card)
    await desk.grace.presses("approve", anew)
    await desk.ada.sees("Done, verified", in_=card)
    await all_told(desk)

    assert filled == ("jane@example.com", "refund case 4412")
    assert "Change R-" in form.plain
    assert "mia.chen@example.com" in card.plain
    assert any("@Ada changed the customer and the reason" in one for one in in_thread(card))
    assert "(version 1) is out of date" in question.plain
    assert question.buttons == []
    assert effects(desk) == 1
    assert "Everything Bundle" in desk.holds(MIA)
    assert "Everything Bundle" not in desk.holds("jane@example.com")
    assert (await history(desk, card))[:4] == [
        "request.submitted",
        "request.prepared",
        "request.edited",
        "request.prepared",
    ]


@over_http
async def test_a_click_on_the_question_before_an_edit_decides_nothing_and_shows_the_new_one(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    click = click_of(desk.grace, "approve", question)
    assert await edits(desk.ada, question, reason="another reason") == {}
    await asked_anew(desk, card)
    await arrives(desk.grace, click)
    shown = await desk.grace.sees("Things have changed since you were asked", in_="ephemeral")
    await all_told(desk)

    assert "Approve" in shown.buttons
    assert effects(desk) == 0
    assert (await case_of(desk, card)).decisions == ()


async def test_an_approver_who_edits_is_told_of_and_never_decides(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    assert await edits(desk.grace, question, reason="a better reason") == {}
    anew = await asked_anew(desk, card)
    told = await desk.ada.sees("@Grace changed the reason", in_="dm")
    await desk.grace.presses("approve", anew)
    await desk.grace.sees("Nobody decides on a request of their own", in_="ephemeral")
    await desk.grace.presses("deny", anew)
    await desk.grace.sees("Nobody decides on a request of their own", in_="ephemeral")
    await all_told(desk)

    assert "a better reason" in told.plain
    assert "@Ada asked and @Grace changed it, so somebody else decides" in anew.plain
    assert (await case_of(desk, card)).decisions == ()
    assert effects(desk) == 0


@over_http
async def test_an_editor_does_not_decide_by_a_mention_either(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    assert await edits(desk.grace, question, reason="a better reason") == {}
    await asked_anew(desk, card)
    await desk.grace.types("@Offerdesk approve", thread=card)
    await desk.grace.sees("Nobody decides on a request of their own", in_="ephemeral")
    await all_told(desk)

    assert effects(desk) == 0


@over_http
async def test_who_neither_asked_nor_may_decide_changes_nothing(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    await desk.mallory.presses("edit", question)
    await desk.mallory.sees("You are not among those who may decide", in_="ephemeral")

    assert (await history(desk, card)) == ["request.submitted", "request.prepared"]


@over_http
async def test_what_is_wrong_with_it_is_said_at_the_field_and_nothing_is_changed(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    await desk.ada.presses("edit", question)
    await desk.ada.sees("Send", in_="view")
    unchanged = await desk.ada.submits()
    malformed = await desk.ada.submits(customer="nobody")
    empty = await desk.ada.submits(customer="jane@example.com", reason=" ")

    assert [said.split(",")[0] for said in unchanged.values()] == ["This is what is asked already"]
    assert list(malformed) == ["customer"]
    assert list(empty) == ["reason"]
    assert (await history(desk, card)) == ["request.submitted", "request.prepared"]


async def test_an_edit_for_a_customer_nobody_knows_closes_it_and_both_can_correct_it(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    assert await edits(desk.grace, question, customer="nobody@example.com") == {}
    to_ada = await desk.ada.sees("Closed", in_="dm")
    to_grace = await desk.grace.sees("Closed", in_="dm")
    await desk.grace.sees("After this change it cannot be asked", in_=card)
    await all_told(desk)

    assert "knows no contact" in to_ada.plain
    assert "@Grace changed it" in to_grace.plain
    assert "Cancelled" in card.plain
    assert question.buttons == []
    await desk.grace.presses("Correct", to_grace)
    await desk.grace.sees("Send", in_="view")
    before = {one.ts for one in desk.grace.messages("#support")}
    assert await desk.grace.submits(customer="jane@example.com") == {}
    anew = await desk.linus.sees("Approve", in_="dm")
    second = await desk.new_card(before)
    await all_told(desk)
    assert (await case_of(desk, second)).request.askers == {desk.ada.id, desk.grace.id}
    await desk.linus.presses("approve", anew)
    await desk.grace.sees("Done, verified", in_=second)


@pytest.mark.parametrize("first", ["edit", "approve"])
async def test_of_an_edit_and_an_approval_in_the_same_moment_one_counts(desk, first):
    card, question = await desk.asks(desk.ada, GRANT)
    await desk.ada.presses("edit", question)
    await desk.ada.sees("Send", in_="view")

    async def edit():
        return await desk.ada.submits(reason="another reason")

    async def approve():
        await desk.grace.presses("approve", question)

    deeds = [edit(), approve()] if first == "edit" else [approve(), edit()]
    await asyncio.gather(*deeds)
    approved = "request.approved" in await history(desk, card)
    await desk.ada.sees("Done, verified" if approved else "version 2", in_=card)
    await all_told(desk)
    told = await history(desk, card)

    assert ("request.edited" in told) != ("request.approved" in told)
    assert effects(desk) == ("request.approved" in told)


@over_http
async def test_what_is_decided_cannot_be_edited(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    await desk.ada.presses("edit", question)
    await desk.ada.sees("Send", in_="view")
    await desk.grace.presses("approve", question)
    await desk.ada.sees("Done, verified", in_=card)
    refused = await desk.ada.submits(reason="another reason")

    assert list(refused.values()) == [
        "This can no longer be changed: it is done and verified. Ask for something else with /offer."
    ]


@over_http
async def test_a_form_that_was_filled_before_somebody_else_edited_changes_nothing(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    await desk.ada.presses("edit", question)
    await desk.ada.sees("Send", in_="view")
    assert await edits(desk.grace, question, reason="by Grace") == {}
    await asked_anew(desk, card)
    refused = await desk.ada.submits(reason="by Ada")

    assert "Things have changed" in next(iter(refused.values()))
    assert (await case_of(desk, card)).request.reason == "by Grace"


@over_http
async def test_the_requester_edits_from_home(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    await all_told(desk)
    await desk.ada.opens_home()
    home = await desk.ada.sees("Your requests", in_="home")
    assert "Edit" in home.buttons
    await desk.ada.presses("edit", home)
    await desk.ada.sees("Send", in_="view")
    assert await desk.ada.submits(reason="from Home") == {}
    await asked_anew(desk, card)

    assert (await case_of(desk, card)).request.reason == "from Home"


@over_http
async def test_the_audit_tells_which_fields_were_edited_and_no_address(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    assert await edits(desk.ada, question, customer=MIA, reason="for Mia") == {}
    await asked_anew(desk, card)
    case = await case_of(desk, card)
    event = (await desk.bot.parts.store.history(case.request.id))[2]

    assert (event.name, event.actor, event.text) == ("request.edited", case.request.requester, "for Mia")
    assert event.data["fields"] == ["customer", "reason"]
    assert event.data["contact_ref"] == case.main.contact.ref
    assert "example.com" not in str(event.data)


@over_http
async def test_the_rules_apply_to_what_is_edited_as_to_what_is_asked(idle, tmp_path):
    (tmp_path / "policy.toml").write_text(
        '[[rule]]\nname = "dear"\nwhen.requester = "U0GRACE"\nrefuse = "Not by Grace."\n'
        '[default]\napprovers = "S0APPROVERS"\nreason = { pattern = "case", example = "case 4412" }\n'
    )
    path = str(tmp_path / "policy.toml")
    idle.settings = idle.settings.model_copy(update={"approvers": (), "policy_file": path})
    await idle.start()
    card, question = await idle.asks(idle.ada, GRANT)
    refused = await edits(idle.ada, question, reason="because")
    not_her = await edits(idle.grace, question, reason="case 4413")

    assert refused == {"reason": "The reason has to say more here, for example: case 4412."}
    assert list(not_her.values()) == ["Not by Grace."]
    assert (await history(idle, card)) == ["request.submitted", "request.prepared"]


async def test_what_has_expired_can_be_asked_again_from_the_thread_and_the_card_by_who_asked(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    await all_told(desk)
    await desk.passes(7 * 86_400 + 60)
    line = await desk.ada.sees("Nobody decided in time, so this is closed.", in_=card)
    await all_told(desk)
    await desk.grace.presses("Ask again", line)
    await desk.grace.sees("Only the person who asked can do this", in_="ephemeral")
    await desk.ada.presses("Ask again", card)
    await desk.ada.sees("Send", in_="view")
    filled = field(desk.ada, "customer"), field(desk.ada, "reason")
    before = {one.ts for one in desk.ada.messages("#support")}
    assert await desk.ada.submits() == {}
    anew = await desk.new_card(before)

    assert line.buttons == ["Ask again"]
    assert filled == ("jane@example.com", "refund case 4412")
    assert f"follows {(await case_of(desk, card)).request.id}" in anew.plain


@over_http
async def test_an_approval_given_before_an_edit_is_void_and_its_giver_is_told(idle, tmp_path):
    (tmp_path / "policy.toml").write_text('[default]\napprovers = "S0APPROVERS"\nquorum = 2\n')
    path = str(tmp_path / "policy.toml")
    idle.settings = idle.settings.model_copy(update={"approvers": (), "policy_file": path})
    idle.workspace.channels["C0SUPPORT"].members.add(idle.linus.id)
    await idle.start()
    card, question = await idle.asks(idle.ada, GRANT)
    await idle.grace.presses("approve", question)
    await idle.ada.sees("1 of 2 have approved", in_=card)
    assert await edits(idle.ada, question, reason="another reason") == {}
    told = await idle.grace.sees("@Ada changed the reason. Earlier approvals are void.", in_="dm")
    anew = await asked_anew(idle, card)
    await idle.linus.presses("approve", anew)
    await idle.ada.sees("1 of 2 have approved: @Linus", in_=card)
    await all_told(idle)
    before = effects(idle)
    await idle.grace.presses("approve", anew)
    await idle.ada.sees("Done, verified", in_=card)
    await all_told(idle)

    assert "asked by @Ada" in told.plain
    assert (before, effects(idle)) == (0, 1)

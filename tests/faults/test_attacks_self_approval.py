"""Nobody decides on a request of their own, by whatever path, and two accounts of one person do not go unnoticed."""

import json

import pytest

from bot.sandbox import payloads
from tests.flow.following import (
    GRANT,
    all_told,
    approved,
    arrives,
    case_of,
    click_of,
    done,
    history,
    in_thread,
    over_http,
    rows,
    writes,
)

OWN = "Nobody decides on a request of their own"
GRANTS = {"method": "POST", "path": "*/relationships/offers"}


async def joins_the_approvers(desk):
    desk.workspace.change_group("offer-approvers", ["Ada", "Grace", "Linus"])
    await desk.slack.settled()


async def by_button(desk, card, question):
    await desk.ada.presses("approve", question)


async def by_the_button_of_a_direct_question(desk, card, question):
    asked = await desk.linus.sees("asks in #support, where you are not", in_="dm")
    click = click_of(desk.linus, "approve", asked)
    click["user"] |= {"id": desk.ada.id, "username": "linus", "name": "linus"}
    await arrives(desk.ada, click)


async def by_the_deny_button(desk, card, question):
    await desk.ada.presses("deny", question)


async def by_a_mention(desk, card, question):
    await desk.ada.types("@Offerdesk approve", thread=card)


async def by_a_mention_that_denies(desk, card, question):
    await desk.ada.types("@Offerdesk deny I changed my mind", thread=card)


PATHS = [
    by_button,
    by_the_button_of_a_direct_question,
    by_the_deny_button,
    by_a_mention,
    by_a_mention_that_denies,
]


@over_http
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
async def test_who_joins_the_approvers_after_asking_does_not_decide_on_the_own_request(desk, path, record):
    card, question = await desk.asks(desk.ada, GRANT)
    await all_told(desk)
    await joins_the_approvers(desk)
    before = await history(desk, card)
    await path(desk, card, question)
    await desk.ada.sees(OWN, in_="ephemeral")

    assert await history(desk, card) == before
    assert (await case_of(desk, card)).decisions == ()
    assert desk.ada.form is None
    assert writes(desk) == 0
    if path is by_button:
        record(
            "the requester joins the approvers after asking, and decides: buttons, a direct question, mentions",
            "told privately that somebody else has to",
            f"{len(PATHS)} paths, no decision, nothing sent",
        )


@over_http
async def test_a_bare_word_of_the_requester_brings_no_buttons(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    await joins_the_approvers(desk)
    await desk.ada.types("ok", thread=card)
    await desk.slack.settled()

    assert desk.ada.messages("ephemeral") == []


@over_http
async def test_undo_is_decided_by_somebody_else_than_who_asks_for_it(desk, record):
    """Grace approved the grant; whoever asks for the undo does not decide on it, be it Ada or Grace."""
    card = await done(desk)
    await joins_the_approvers(desk)
    for person in (desk.ada, desk.grace):
        before = {one.ts for one in person.messages("#support")}
        await person.presses("undo", card)
        await person.sees("Send", in_="view")
        assert await person.submits(reason="by mistake") == {}
        undoing = await desk.new_card(before)
        question = await desk.olga.sees("Approve", in_=undoing)
        await person.presses("approve", question)
        await person.sees(OWN, in_="ephemeral")
        person.reloads()
        assert (await case_of(desk, undoing)).decisions == ()
        await person.presses("Cancel", undoing)
    await all_told(desk)

    assert writes(desk, "revoke") == 0
    record(
        "undo: who asks for it approves it, as the first requester and as the first approver",
        "a request of its own, for somebody else to decide",
        "2 tried, nothing revoked",
    )


async def test_a_retry_by_the_requester_rests_on_the_approval_there_is_and_on_nothing_else(desk, record):
    """Grace approved and has left the approvers since: trying again sends nothing."""
    trouble = desk.kajabi.trouble("refused", **GRANTS, detail="not now")
    card = await approved(desk)
    await desk.ada.sees("Failed", in_=card)
    trouble.stop()
    await all_told(desk)
    sent = len(desk.kajabi.called(**GRANTS))
    desk.workspace.change_group("offer-approvers", ["Ada", "Linus"])
    await desk.slack.settled()
    await desk.ada.presses("retry", card)
    question = await desk.linus.sees("Approve", in_="dm")
    await desk.ada.presses("approve", await desk.ada.sees("[Approve]", in_=card))
    await desk.ada.sees(OWN, in_="ephemeral")

    assert question.plain
    assert len(desk.kajabi.called(**GRANTS)) == sent
    assert (await case_of(desk, card)).request.state.value == "pending"
    record(
        "retry by the requester, when the approver has lost the right since",
        "asks for approval anew; the requester’s own is refused",
        "nothing sent",
    )


@over_http
async def test_the_requester_settles_nothing_by_button_or_by_form(desk, record):
    await joins_the_approvers(desk)
    desk.kajabi.trouble("timeout_before", **GRANTS, times=2, closed=True)
    card = await approved(desk)
    await desk.ada.sees("Unknown: nobody can say yet", in_=card)
    await all_told(desk)
    sent = len(desk.kajabi.called(**GRANTS))
    await desk.ada.presses("settle", card)
    await desk.ada.sees(OWN, in_="ephemeral")
    await desk.grace.presses("settle", card)
    form = await desk.grace.sees("How is it really?", in_="view")
    payload = payloads.submission(desk.workspace, desk.grace.member, form.shown)
    payload["user"] |= {"id": desk.ada.id}
    payload["view"]["state"]["values"] |= {
        "reason": {"reason": {"type": "plain_text_input", "value": "I looked"}},
        "outcome": {"outcome": {"type": "radio_buttons", "selected_option": {"value": "done"}}},
    }
    answer = (await desk.slack.delivery.send("view_submission", payload)).body

    assert OWN in json.dumps(answer)
    assert (await case_of(desk, card)).request.state.value in {"unknown", "executing"}
    assert len(desk.kajabi.called(**GRANTS)) == sent
    record(
        "settle by the requester, who may decide on others’ requests",
        "told privately that somebody else has to",
        "nothing settled",
    )


# --- two accounts of one person --------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["ada@school.example", "ADA@School.example", "ada+second@school.example"])
@over_http
async def test_two_accounts_with_one_address_are_named_in_the_log_the_thread_and_the_audit(
    desk, lines, address, record
):
    desk.workspace.change_person("Ada", email="ada@school.example")
    desk.workspace.change_person("Grace", email=address)
    await desk.slack.settled()
    card = await done(desk)
    told = [line for line in in_thread(card) if "look like the same mailbox" in line]

    assert len(told) == 1
    assert "@Ada and @Grace" in told[0]
    assert (await history(desk, card)).count("request.doubted") == 1
    (warning,) = [json.loads(line) for line in lines().splitlines() if "two accounts look like the same" in line]
    assert warning["level"] == "warning"
    assert (warning["account"], warning["approver"]) == (desk.ada.id, desk.grace.id)
    assert "school.example" not in lines()
    assert [row for row in rows(desk, "select data from event") if "school.example" in row[0]] == []
    if address == "ada@school.example":
        record(
            "requester and approver are two accounts with one e-mail address, also as name+second@",
            "carried out, and told in the thread, the audit and the log (with the scope users:read.email)",
            "one line in each, without the address",
        )


@over_http
@pytest.mark.parametrize("addresses", [("ada@school.example", "grace@school.example"), ("", "")])
async def test_two_people_are_not_taken_for_one(desk, lines, addresses):
    for name, address in zip(("Ada", "Grace"), addresses, strict=True):
        desk.workspace.change_person(name, email=address)
    await desk.slack.settled()
    card = await done(desk)

    assert "request.doubted" not in await history(desk, card)
    assert "two accounts" not in lines()

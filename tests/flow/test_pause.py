"""The stop switch, as people see it."""

from tests.flow.following import (
    GRANT,
    all_told,
    approved,
    done,
    history,
    id_of,
    in_thread,
    over_http,
    over_socket,
    rows,
    told,
    writes,
)
from tests.flow.steps import opened

HOUR = 3600
FOR_SAM = "/offer grant sam@example.com everything bundle because he waited"
FOR_MIA = "/offer grant mia.chen@example.com everything bundle because she waited"


async def says(desk, person, command):
    """Type a command, and return what it answers privately."""
    return (await person.types(command, channel="#support")).plain


async def paused(desk, why="the price list is wrong"):
    return await says(desk, desk.olga, f"/offer pause {why}")


async def test_nothing_is_sent_while_it_is_paused_and_everything_goes_on_after_it(desk):
    answered = await paused(desk)
    card = await approved(desk)
    await desk.ada.sees("It goes on by itself after /offer resume", in_="dm")
    line = await desk.grace.sees("@Grace approved. ⏸️ Paused by @Olga: the price list is wrong.", in_=card)
    await desk.grace.sees("⏸️ Paused by @Olga: the price list is wrong. It goes on by itself after /offer resume.")
    await all_told(desk)
    sent, tried = writes(desk), rows(desk, "select attempts, sent, error from change")
    going = await says(desk, desk.olga, "/offer resume")
    await desk.ada.sees("Done, verified", in_="dm")
    await all_told(desk)

    assert answered.startswith("⏸️ Paused. Nothing is sent from now on")
    assert "I start now" not in line.plain
    assert (sent, tried) == (0, [(0, None, "")])
    assert going == "▶️ Going on: 1 approved request has its turn now."
    assert writes(desk) == 1
    assert "▶️ @Olga let me go on. This has its turn: what was approved earlier goes first." in in_thread(card)
    assert "Paused" not in card.plain


@over_http
async def test_what_is_approved_already_says_that_it_waits(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    slow = desk.kajabi.trouble("held", method="GET", done=False)
    read = len(desk.kajabi.called("GET"))
    await desk.grace.presses("approve", question)
    await desk.workspace.changes.until(lambda: len(desk.kajabi.called("GET")) > read, timeout=10)
    answered = await paused(desk)
    slow.stop()
    await desk.grace.sees("@Olga paused me. This goes on by itself after /offer resume.", in_=card)
    await all_told(desk)
    waiting = card.plain
    sent = writes(desk)
    await says(desk, desk.olga, "/offer resume")
    await desk.ada.sees("Done, verified", in_=card)

    assert "1 approved request is held back" in answered
    assert "⏸️ Paused by @Olga: the price list is wrong. It goes on by itself after /offer resume." in waiting
    assert sent == 0
    assert writes(desk) == 1


async def test_what_waited_is_sent_one_after_the_other_the_oldest_approval_first(desk):
    await paused(desk)
    asked = [await desk.asks(desk.ada, command) for command in (GRANT, FOR_SAM, FOR_MIA)]
    order = (2, 0, 1)
    for place in order:
        await desk.grace.presses("approve", asked[place][1])
        await desk.grace.sees("@Grace approved.", in_=asked[place][0])
    await says(desk, desk.olga, "/offer resume")
    for card, _ in asked:
        await desk.ada.sees("Done, verified", in_=card)
    sent = rows(desk, "select request_id from event where name = 'change.sent' order by seq")

    assert [one for (one,) in sent] == [id_of(asked[place][0]) for place in order]
    assert writes(desk) == 3


@over_http
async def test_requests_denials_and_cancels_go_on(desk):
    await paused(desk)
    denied, question = await desk.asks(desk.ada, GRANT)
    await desk.grace.presses("deny", question)
    await desk.grace.sees("Why not?", in_="view")
    await desk.grace.submits(reason="too expensive")
    await desk.ada.sees("denied it", in_=denied)
    taken_back = await approved(desk, FOR_SAM)
    await desk.ada.presses("cancel", taken_back)
    await desk.ada.sees("Cancelled", in_="#support")
    await says(desk, desk.olga, "/offer resume")
    await all_told(desk)

    assert (await history(desk, denied))[-1] == "request.denied"
    assert (await history(desk, taken_back))[-1] == "request.cancelled"
    assert writes(desk) == 0


@over_http
async def test_an_approval_that_became_too_old_meanwhile_is_asked_for_again(desk):
    await paused(desk)
    card = await approved(desk)
    await all_told(desk)
    await desk.passes(25 * HOUR)
    await says(desk, desk.olga, "/offer resume")
    await desk.grace.sees("The approval has become too old.", in_=card)

    assert writes(desk) == 0


@over_http
async def test_only_admins_stop_it_and_the_others_are_told_who_can(desk):
    refused = [await says(desk, desk.grace, f"/offer {verb}") for verb in ("pause now", "resume")]

    assert refused == ["Only admins stop me and let me go on: @Olga. Ask one of them."] * 2
    assert await desk.bot.parts.store.paused() is None


@over_http
async def test_where_no_admins_are_named_it_says_who_can_name_them(idle):
    idle.settings = idle.settings.model_copy(update={"admins": ()})
    await idle.start()
    refused = await says(idle, idle.olga, "/offer pause")

    assert "no admins are named. Whoever runs me can put their Slack ids into the setting ADMINS" in refused


@over_http
async def test_twice_the_same_is_answered_kindly(desk):
    before = await says(desk, desk.olga, "/offer resume")
    await paused(desk)
    again = await paused(desk, "something else")
    standing = await desk.bot.parts.store.paused()

    assert before == "I am not paused, so there is nothing to resume. What is approved is carried out."
    assert again == "I am paused already, by @Olga: the price list is wrong. /offer resume lets me go on."
    assert standing.why == "the price list is wrong"


async def test_it_is_told_where_failures_are_told_and_stands_in_the_audit(desk):
    await paused(desk, "because the price list is <!channel> & wrong")
    stopped = await desk.olga.sees("Paused by @Olga. Nothing is sent until /offer resume", in_="#alerts")
    await says(desk, desk.olga, "/offer resume")
    await desk.olga.sees("Resumed by @Olga, paused since", in_="#alerts")
    events = rows(desk, "select name, person, text from event left join note using (seq) order by seq")

    assert "the price list is <!channel> & wrong" in stopped.plain
    assert events == [
        ("execution.paused", desk.olga.id, "the price list is <!channel> & wrong"),
        ("execution.resumed", desk.olga.id, None),
    ]


@over_http
async def test_everybody_who_looks_is_told(desk):
    await paused(desk)
    form = await opened(desk.ada, GRANT)
    preview = await desk.ada.sees("Holds now", in_="view")
    looked = [await says(desk, person, f"/offer {verb}") for person in (desk.ada,) for verb in ("help", "requests")]
    told_so = "Paused since"
    seen = [told_so in text for text in (form.plain, preview.plain, *looked)]
    metrics = (await desk.bot.metrics.page()).decode()
    await says(desk, desk.olga, "/offer resume")

    assert seen == [True] * 4
    assert "offerdesk_paused 1.0" in metrics
    assert "offerdesk_paused 0.0" in (await desk.bot.metrics.page()).decode()
    assert told_so not in await says(desk, desk.ada, "/offer help")


@over_http
async def test_help_names_the_switch_to_admins_alone(desk):
    offered = ["/offer pause" in await says(desk, one, "/offer help") for one in (desk.olga, desk.grace, desk.ada)]

    assert offered == [True, False, False]


@over_socket
async def test_a_pause_outlasts_a_restart(desk):
    await paused(desk)
    card = await approved(desk)
    await all_told(desk)
    await desk.restart()
    await desk.passes(60)
    await all_told(desk)
    sent = writes(desk)
    await says(desk, desk.olga, "/offer resume")
    await desk.ada.sees("Done, verified", in_="dm")

    assert sent == 0
    assert len(told(desk.ada)) == 2
    assert writes(desk) == 1
    assert "Done, verified" in card.plain


@over_http
async def test_what_was_sent_before_it_is_read_back_and_told(desk):
    held = desk.kajabi.trouble("held", method="POST", path="*/relationships/offers", done=True)
    card = await approved(desk)
    await desk.kajabi.until_called("POST", "*/relationships/offers", within=10)
    await paused(desk)
    held.stop()
    await desk.ada.sees("Done, verified", in_=card)

    assert writes(desk) == 1


@over_http
async def test_what_is_over_has_nothing_to_do_with_it(desk):
    card = await done(desk)
    lines = in_thread(card)
    await paused(desk)
    await all_told(desk)

    assert in_thread(card) == lines
    assert "Paused" not in card.plain

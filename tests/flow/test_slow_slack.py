from tests.flow.following import GRANT, case_of, over_http

#: longer than Slack waits for an answer
TOO_LONG = 4.0


@over_http
async def test_a_click_is_answered_in_time_and_decides_nothing_when_slack_cannot_say_who_clicked(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    await desk.passes(600)
    desk.workspace.troubles.slow("users.info", TOO_LONG, times=9)
    await desk.grace.presses("approve", question)
    await desk.grace.sees("It may be done all the same: look at /offer requests mine", in_="ephemeral")
    case = await case_of(desk, card)

    assert desk.grace.notices == []
    assert case.decisions == ()
    assert "Everything Bundle" not in desk.holds("jane@example.com")

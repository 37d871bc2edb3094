async def test_a_grant_is_asked_approved_done_proved_and_told(desk):
    card, question = await desk.asks(
        desk.ada, "/offer grant jane@example.com everything bundle because refund case 4412"
    )
    await desk.grace.presses("approve", question)

    result = await desk.ada.sees("verified", in_="#support")
    await desk.ada.sees("verified", in_="dm")
    assert "Everything Bundle" in desk.holds("jane@example.com")
    assert desk.kajabi.mails == []
    assert "Undo" in card.buttons or "Undo" in result.buttons

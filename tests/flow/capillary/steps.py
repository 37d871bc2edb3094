"""Steps that several stories over Capillary share."""


async def approved(desk, command, ending="Done, verified"):
    """Ada asks, Grace approves, and it ends like this: what was asked, and what was told."""
    card, question = await desk.asks(desk.ada, command)
    asked = question.plain
    await desk.grace.presses("approve", question)
    told = await desk.ada.sees(ending, in_=card)
    return asked, told

"""What calls ask for, and that an answer about somebody or something else is none."""

import pytest

from bot.domain.errors import Unavailable
from bot.providers.base import Answer
from bot.providers.capillary.calls import Calls
from bot.providers.capillary.settings import CapillarySettings


class Door:
    """Gives the same answer to every call."""

    def __init__(self, **document):
        self.document, self.calls = document, []

    async def send(self, call):
        self.calls.append(call)
        return Answer(status=200, document=self.document)


def calls(door, **told):
    return Calls(door, CapillarySettings(api_url="https://x", program_id=1, **told))


async def test_what_somebody_else_holds_is_no_answer():
    with pytest.raises(Unavailable, match="makes no sense"):
        await calls(Door(customerId=8, promotions=[])).promotions_of("7")


@pytest.mark.parametrize("told", [{"id": 6}, {"id": "6"}, {"promotionId": 6}, {"id": 5.0}, {}, "5"])
async def test_another_promotion_is_no_answer(told):
    with pytest.raises(Unavailable, match="makes no sense"):
        await calls(Door(data=[told])).promotion("5")


@pytest.mark.parametrize("entity", [None, "", "abc", [], {}, 7.0, True])
async def test_a_customer_without_a_number_is_no_answer(entity):
    with pytest.raises(Unavailable, match="makes no sense"):
        await calls(Door(entity=entity)).customer("email", "jane@example.com")


@pytest.mark.parametrize(("account", "named"), [("A-1", {"accountId": "A-1"}), (None, {})])
async def test_source_and_account_are_named_wherever_a_customer_is_looked_up(account, named):
    door = Door(entity=7, customerId=7, promotions=[], profiles=[])
    there = calls(door, source="WEBSITE", account_id=account)
    await there.customer("email", "jane@example.com")
    await there.promotions_of("7")
    await there.name("7")

    expected = {"source": "WEBSITE"} | named
    told = [{name: call.query[name] for name in ("source", "accountId") if name in call.query} for call in door.calls]
    assert told == [expected] * 3

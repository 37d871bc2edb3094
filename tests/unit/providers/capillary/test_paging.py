"""A list ends where it says so itself: not with a page that is short, nor with one that is refused without need."""

from dataclasses import replace

import pytest

from bot.domain.errors import ProviderError
from bot.providers.base import Answer
from bot.providers.capillary.calls import Calls
from bot.providers.capillary.settings import CapillarySettings


class Pages:
    """Answers for pages by their numbers; what is no page is refused with a code."""

    def __init__(self, *, refused_with, total, **pages):
        self.refused_with, self.total = refused_with, total
        self.pages = {int(name.removeprefix("page")): count for name, count in pages.items()}
        self.asked = []

    async def send(self, call):
        number = int(call.query["offset"])
        self.asked.append(number)
        if number not in self.pages:
            return Answer(status=400, document={"status": {"code": self.refused_with, "message": "no"}, "data": None})
        told = [{"id": number * 1000 + one, "name": "Miles"} for one in range(self.pages[number])]
        details = {} if self.total is None else {"pageDetails": {"totalEntries": self.total}}
        return Answer(status=200, document={"status": {"code": 200}, "data": told, **details})


async def listed(pages):
    return await Calls(pages, CapillarySettings(api_url="https://x", program_id=1)).promotions()


async def test_a_whole_list_that_says_so_takes_no_call_too_many():
    pages = Pages(refused_with=4053, total=130, page1=100, page2=30)

    assert len(await listed(pages)) == 130
    assert pages.asked == [1, 2]


@pytest.mark.parametrize("total", [130, None])
async def test_a_list_that_begins_with_page_nought_is_read_whole(total):
    pages = Pages(refused_with=4053, total=total, page0=100, page1=30)

    assert len(await listed(pages)) == 130
    assert pages.asked == [1, 2, 0]


@pytest.mark.parametrize(("code", "total"), [(4053, 250), (4000, None), (4001, None)])
async def test_a_page_that_there_must_be_is_no_end_when_it_is_refused(code, total):
    with pytest.raises(ProviderError) as caught:
        await listed(Pages(refused_with=code, total=total, page1=100))

    assert caught.value.code == str(code)


class Held:
    """Answers with at most so many of a customer's promotions, from the position that is asked for."""

    def __init__(self, count, *, cap, total):
        self.count, self.cap, self.total, self.asked = count, cap, total, []

    async def send(self, call):
        first = int(call.query["offset"])
        self.asked.append(first)
        shown = range(first, min(first + self.cap, self.count))
        details = {"pageDetails": {"totalEntries": self.total}} if self.total is not None else {}
        told = [{"promotionId": 1000 + one, "programId": 1} for one in shown]
        return Answer(status=200, document={"customerId": 7, "promotions": told, **details})


async def held_of(pages):
    return await Calls(pages, CapillarySettings(api_url="https://x", program_id=1)).promotions_of("7")


@pytest.mark.parametrize(("total", "asked"), [(120, [0, 50, 100]), ("120", [0, 50, 100]), (None, [0, 50, 100, 120])])
async def test_all_that_a_customer_holds_is_read_though_pages_are_shorter_than_was_asked_for(total, asked):
    pages = Held(120, cap=50, total=total)

    assert len(await held_of(pages)) == 120
    assert pages.asked == asked


async def test_pages_that_end_before_their_total_end_the_list():
    assert len(await held_of(Held(120, cap=100, total=500))) == 120


async def test_a_page_that_comes_again_and_again_is_no_answer():
    class Same(Held):
        async def send(self, call):
            return await super().send(replace(call, query={**call.query, "offset": "0"}))

    with pytest.raises(ProviderError, match="makes no sense"):
        await held_of(Same(120, cap=50, total=120))

from random import Random

from bot.domain.request import ID_ALPHABET
from bot.store.ids import id_length
from tests.contract.store.world import opened, submitted


def test_an_id_grows_when_a_hundredth_of_the_space_is_used():
    space = len(ID_ALPHABET) ** 4

    assert id_length(0) == 4
    assert id_length(space // 100) == 4
    assert id_length(space // 100 + 1) == 5
    assert id_length(len(ID_ALPHABET) ** 5 // 100 + 1) == 6


async def test_an_id_that_is_taken_is_not_given_again(tmp_path):
    dice = Random(7)
    thrown = dice.getstate()
    async with opened(tmp_path, randomness=dice) as store:
        first = await submitted(store, "form-1")
        dice.setstate(thrown)
        second = await submitted(store, "form-2")

    assert first.request.id != second.request.id

"""A look serves the change that follows it closely, once."""

import pytest

from bot.domain.request import Action
from bot.providers.capillary.meaning import NOTHING, Standing
from bot.providers.capillary.memory import FRESH, MOST, Memory

ENROLLED = Standing(enrolment="7")


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def memory(clock):
    return Memory(clock)


@pytest.mark.parametrize("action", FRESH)
@pytest.mark.parametrize(("later", "serves"), [(0, True), (-1, False), (None, False)])
def test_a_look_serves_for_a_while_and_no_longer(memory, clock, action, later, serves):
    memory.keep("5", "42", ENROLLED)
    clock.now += FRESH[action] + 1 if later is None else later

    assert (memory.take("5", "42", action=action) == ENROLLED) is serves


def test_a_look_serves_one_change_and_only_for_its_own_promotion_and_customer(memory):
    memory.keep("5", "42", ENROLLED)

    assert memory.take("5", "43", action=Action.GRANT) is None
    assert memory.take("6", "42", action=Action.GRANT) is None
    assert memory.take("5", "42", action=Action.GRANT) == ENROLLED
    assert memory.take("5", "42", action=Action.GRANT) is None


def test_the_newest_look_counts(memory):
    memory.keep("5", "42", ENROLLED)
    memory.keep("5", "42", NOTHING)

    assert memory.take("5", "42", action=Action.GRANT) == NOTHING


def test_what_takes_something_away_rests_on_a_newer_look():
    assert FRESH[Action.REVOKE] < FRESH[Action.GRANT]


def test_the_oldest_looks_are_forgotten(memory):
    for number in range(MOST + 1):
        memory.keep("5", str(number), ENROLLED)

    assert memory.take("5", "0", action=Action.GRANT) is None
    assert memory.take("5", "1", action=Action.GRANT) == ENROLLED

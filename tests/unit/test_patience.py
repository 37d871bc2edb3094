"""Which regular expressions a policy file may have."""

import random
import re
import time

import pytest

from bot.domain.draft import REASON_LIMIT
from bot.policy_file.patience import Slow, demand_quick

#: far more than any of them takes, and far less than what is refused would
SECONDS = 5.0
PARTS = ("a", "b", "ab", r"\d", r"\w", ".", "[a-c]", "[^b]", " ", r"\s", "-", r"\b", "x")
ENDINGS = ("", "", "", "*", "+", "?", "{2}", "{1,3}", "{2,}", "+?", "*?")


@pytest.mark.parametrize(
    "pattern",
    [
        r"case \d+",
        r"\b[A-Z]{2,5}-\d+\b",
        r"^(?:INC|CASE|REQ|BUG|TASK)-\d{4,}$",
        r"(?i)refund|goodwill|case\s*#?\s*\d+",
        r"(refund|goodwill|case|error|bug) \w+",
        r"(?<!\d)\d{4}(?!\d)",
        r"(\d{3}-)+\d",
        r"^(\w+) (\w+) .*$",
        r".+: .+",
        r"https://desk\.example/[\w/-]+",
        "a{,5}b{}",
        "[]x]+y",
        r"(?P<ticket>\d+)/\101",
    ],
)
def test_what_people_write_is_taken(pattern):
    re.compile(pattern)
    demand_quick(pattern)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"^(\w+ ?)+case \d+$", "it repeats what repeats"),
        (r"(a+)+!", "it repeats what repeats"),
        (r"(?:a|a)*!", "it repeats what repeats, or has alternatives"),
        (r"(\d{3}\d?)+!", "it repeats what repeats"),
        (r"\w*\w*!", "put between them"),
        (r"\w+\d+[a-z0-9]+!", "put between them"),
        (r"a*a*a*a*b", "put between them"),
        ("a?" * 40 + "a" * 40, "put between them"),
        (r"a{1,90}a{1,90}a{1,90}!", "put between them"),
        (r"(\w+)\1", r"has “\1”"),
        (r"(?P<one>a)(?P=one)", "which I do not take"),
        (r"(?>a+)b", "which I do not take"),
        (r"(?x)a b", "which I do not take"),
        (r"(?=\w+!)a", "looks ahead or back"),
        ("(a|b)" * 9, "too many alternatives"),
    ],
)
def test_what_could_take_very_long_is_refused_with_a_reason(pattern, why):
    re.compile(pattern)
    with pytest.raises(Slow) as refused:
        demand_quick(pattern)

    assert why in str(refused.value)


def some_pattern(chance, deep=2):
    """Draw one, with groups and alternatives."""
    drawn = []
    for _ in range(chance.randint(1, 6)):
        if deep and chance.random() < 0.25:
            inside = "|".join(some_pattern(chance, deep - 1) for _ in range(chance.randint(1, 2)))
            drawn.append(f"({inside}){chance.choice(ENDINGS)}")
        else:
            part = chance.choice(PARTS)
            drawn.append(part + (chance.choice(ENDINGS) if part != r"\b" else ""))
    return "".join(drawn)


def reasons(chance):
    """Texts in which a lot fits, but for the end."""
    for piece in ("a", "ab", "a1 ", "b", "1", " ", "a-", "-1", "".join(chance.choices("ab1 -x", k=9))):
        yield (piece * REASON_LIMIT)[: REASON_LIMIT - 1] + "!"


def test_what_is_taken_is_quick_on_every_reason():
    chance, taken, slowest = random.Random(1717), 0, 0.0
    for number in range(400):
        pattern = ("^" if number % 5 == 0 else "") + some_pattern(chance) + chance.choice(("", "!$", "$", "x", "!!"))
        try:
            expression = re.compile(pattern)
            demand_quick(pattern)
        except (re.error, Slow):
            continue
        taken += 1
        for reason in reasons(chance):
            began = time.process_time()
            expression.search(reason)
            slowest = max(slowest, time.process_time() - began)
        assert slowest < SECONDS, pattern

    assert taken > 100

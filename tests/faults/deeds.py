"""A grant and a revoke to try faults on, and how to see what became of them."""

import asyncio
from dataclasses import dataclass

import pytest

from tests.flow.following import GRANT, REVOKE, all_told, approved, effects, in_thread, told

#: how long a test waits for what comes without its doing; far more than it takes on a quiet machine
PATIENCE = 20.0


@dataclass(frozen=True)
class Deed:
    """One thing that was approved, and that Kajabi is to be told once."""

    action: str
    command: str
    method: str
    address: str
    title: str
    path: str = "*/relationships/offers"

    @property
    def call(self):
        return {"method": self.method, "path": self.path}

    @property
    def reading(self):
        return {"method": "GET", "path": self.path}

    def is_so(self, desk):
        """Whether it is so in Kajabi's books at this very moment."""
        return (self.title in desk.holds(self.address)) == (self.action == "grant")

    def calls(self, desk):
        return len(desk.kajabi.called(**self.call))

    def effects(self, desk):
        """How often Kajabi's books were changed at all, by whatever deed, and by this one."""
        return effects(desk), effects(desk, self.action)


GRANTING = Deed("grant", GRANT, "POST", "jane@example.com", "Everything Bundle")
REVOKING = Deed("revoke", REVOKE, "DELETE", "mia.chen@example.com", "Pastry Basics")

both_deeds = pytest.mark.parametrize("deed", [GRANTING, REVOKING], ids=lambda deed: deed.action)


async def proved(desk, deed, card):
    """Wait until Ada reads that it is done; at that moment it is so, in Kajabi's books and once."""
    await desk.ada.sees("Done, verified", in_=card, timeout=PATIENCE)
    assert deed.is_so(desk), "told before it was so"
    await all_told(desk)
    assert deed.effects(desk) == (1, 1)
    assert endings(desk, card) == (1, 1)


async def carried_out(desk, deed):
    """Ada asks, Grace approves, and it is proved."""
    card = await approved(desk, deed.command)
    await proved(desk, deed, card)
    return card


def endings(desk, card, says="Done, verified"):
    """How often an ending was told: in the thread, and to Ada directly."""
    return sum(says in line for line in in_thread(card)), sum(says in line for line in told(desk.ada))


def claimed(desk, card):
    """Every sentence anybody was shown that says it is done."""
    shown = [card.plain, *in_thread(card), *told(desk.ada), *told(desk.olga, "#alerts")]
    return [line for line in shown if "verified" in line.lower()]


async def rested(desk):
    """Wait until the bot has nothing to do before its clock is moved on."""
    quiet = 0
    while quiet < 3:
        before = len(desk.kajabi.calls)
        await asyncio.sleep(0.06)
        quiet = quiet + 1 if len(desk.kajabi.calls) == before else 0

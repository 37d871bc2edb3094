"""What people do with the promotions of a Capillary, in steps of its own, for one customer or for several a call."""

from tests.faults.rewards import LIMITED, ONE_STEP, TWO_STEPS, USED_UP
from tests.faults.stage import SEVERAL

BATCHES, PAIRS = {"CAPILLARY_BATCH": "100"}, {"CAPILLARY_BATCH": "2"}
ONE = {
    "grant": f"/offer grant jane@example.com {TWO_STEPS} on capillary because the flight was late",
    "revoke": f"/offer revoke mia.chen@example.com {TWO_STEPS} on capillary because it was claimed twice",
}
SOME = {
    "grant": f"/offer bulk grant {LIMITED} on capillary because the flight was late",
    "revoke": f"/offer bulk revoke {ONE_STEP} on capillary because the flight was on time",
}
#: the same in two steps, and whom it is granted to
STEPS = {
    "grant": f"/offer bulk grant {TWO_STEPS} on capillary because the flight was late",
    "revoke": f"/offer bulk revoke {TWO_STEPS} on capillary because the flight was on time",
}
OTHERS = ("jane@example.com", "lena@example.org", "tariq@example.net")


async def issuing(people):
    """Enrolled and then issued; or what was issued taken back by its id, and then the enrolment."""
    request = await people.asks(ONE[people.action])
    await people.approves(request)
    await people.ends(request)


async def batching(people):
    """Asked for several in one call, one of whom Capillary gives nothing, without saying whom it means."""
    customers = [*SEVERAL, "nobody@example.com", *([USED_UP] if people.action == "grant" else [])]
    request = await people.asks(SOME[people.action], customer=" ".join(customers))
    await people.approves(request)
    await people.ends(request)


async def stepping(people):
    """Asked for three, two in a call: each of them is taken through both steps once."""
    customers = OTHERS if people.action == "grant" else SEVERAL
    request = await people.asks(STEPS[people.action], customer=" ".join(customers))
    await people.approves(request)
    await people.ends(request)

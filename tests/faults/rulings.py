"""What people do where the policy approves by itself, and where a budget has room for one of two."""

#: somebody else, and what they can get or lose
SECOND = {
    "grant": "/offer grant sam@example.com sourdough because he complained",
    "revoke": "/offer revoke noor@example.com sourdough because she asked to",
}
QUOTA = """
[[rule]]
name = "small"
when.requester = "U0ADA"
automatic = { requests = 1, within_days = 30 }
approvers = "S0APPROVERS"

[default]
approvers = "S0APPROVERS"
"""
#: there is room for one of the two
BUDGET = """
[default]
approvers = "S0APPROVERS"

[[budget]]
name = "Support"
members = ["U0ADA"]
each_month = { USD = 250 }
time_zone = "Europe/London"
approvers = "U0LINUS"
"""


async def by_itself(people):
    """Approved by the policy, which leaves the next one to people: its quota is used up."""
    first = await people.asks()
    await people.ends(first)
    second = await people.asks(SECOND[people.action])
    await people.approves(second)
    await people.ends(second)
    assert len(people.stage.rows("select * from spending where rule = 'small'")) == 1


async def overtaken(people):
    """Shown while there was room in the budget, and approved when another one had taken it."""
    first, second = await people.asks(), await people.asks(SECOND[people.action])
    await people.prepared(second)
    await people.approves(first)
    await people.ends(first)
    told = lambda: people.happened("request.overtaken", second) or people.state(second) != "pending"  # noqa: E731 - short
    await people.presses(people.grace, "approve", second, "ask", told)
    assert bool(people.happened("request.overtaken", second)) == (people.action == "grant")
    if people.action == "grant":  # revokes take nothing
        await people.prepared(second)
        one = lambda: people.happened("approval.given", second) or people.state(second) != "pending"  # noqa: E731 - short
        await people.presses(people.linus, "approve", second, "ask", one)
        await people.approves(second)
    await people.ends(second)

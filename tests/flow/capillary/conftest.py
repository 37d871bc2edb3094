"""A desk over a loyalty program, alone or beside Kajabi."""

import pytest

from bot.sandbox.capillary import Conduct, Kind, LocalCapillary
from bot.sandbox.kajabi import LocalKajabi
from bot.sandbox.server import LocalSlack
from bot.sandbox.town import furnish
from bot.settings import Settings
from tests.flow.conftest import Desk, settings_for
from tests.flow.manners import assert_manners

JANE, MOBILE = "jane@example.com", "+919111111111"


class Program(Desk):
    """A desk whose provider is one loyalty program."""

    def __init__(self, town, slack, capillary, settings, *, clock):
        super().__init__(town, slack, None, settings, clock=clock)
        self.capillary = capillary

    def holds(self, address):
        return {self.capillary.promotion(one).name for one in self.capillary.holds(address)}

    def promotion(self, name):
        return next(one for one in self.capillary.books.promotions.values() if one.name == name)

    def issued(self, name="Double Miles"):
        """The ids of what is issued to Jane."""
        return [one.id for one in self.capillary.books.issued(self.capillary.customer(JANE), self.promotion(name))]

    def steps(self):
        """What was done, in its order."""
        return [what for what, _, _ in self.capillary.effects]

    def revoked(self):
        """The ids of each revoke that was sent."""
        calls = [call.body for call in self.capillary.called("POST", "/v2/promotion/bulk/revokeEnrolAndEarn")]
        return [one["customers"][0].get("earnIds") for one in calls if one["bulkAction"] == "REVOKE_EARN"]


@pytest.fixture
def conduct():
    return Conduct()


@pytest.fixture
async def desk(town, transport, clock, tmp_path, conduct):
    async with LocalCapillary(clock=clock, conduct=conduct) as capillary, LocalSlack(town.workspace) as slack:
        program = capillary.add_program("Miles")
        capillary.add_promotion("Double Miles", issues=5, enrolments=5)
        capillary.add_promotion("Lounge Pass", Kind.DIRECT, issues=5)
        capillary.add_promotion("For All", Kind.GENERIC)
        capillary.add_customer("Jane", "Doe", email=JANE, mobile=MOBILE.removeprefix("+"), external_id="AbC-17")
        settings = settings_for(
            slack,
            capillary,
            tmp_path,
            transport=transport,
            providers=("capillary",),
            capillary_api_url=capillary.url,
            capillary_key="key",
            capillary_secret="secret",
            capillary_program_id=program.id,
            capillary_rate=6000,
        )
        found = Program(town, slack, capillary, settings, clock=clock)
        await found.start()
        yield found
        await found.stop()
        assert_manners(found.workspace, expected=found.expected_refusals)


@pytest.fixture
async def both(desk, clock):
    """The same desk with Kajabi before Capillary."""
    async with LocalKajabi(clock=clock) as kajabi:
        furnish(kajabi)
        kept = desk.settings.model_dump() | {"providers": ("kajabi", "capillary"), "kajabi_api_url": kajabi.url}
        await desk.stop()
        desk.settings = Settings(_env_file=None, **kept)
        desk.kajabi = kajabi
        await desk.start()
        yield desk
        await desk.stop()

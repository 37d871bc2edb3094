"""What goes wrong meanwhile, in an order that a seed gives: processes die and freeze, providers and Slack misbehave."""

import asyncio
import os
import random
import signal

from bot.sandbox.child import BotFailed
from tests.process.world import another

GRANT, REVOKE, OFFERS = "POST", "DELETE", "*/relationships/offers"
#: what Kajabi does with writes, a few times
LIES: tuple[tuple[str, dict], ...] = (
    ("timeout_after", {"closed": True}),
    ("timeout_after", {}),
    ("timeout_before", {"closed": True}),
    ("late", {"seconds": 1.5}),
    ("server_error", {"done": True}),
    ("server_error", {}),
    ("reset_mid_body", {}),
    ("broken_json", {}),
    ("html", {"done": True}),
    ("empty", {}),
    ("lag", {"seconds": 2.0}),
    ("forget", {}),
    ("rate_limited", {"retry_after": 1}),
    ("refused", {"detail": "Member limit reached"}),
    ("expired_token", {}),
)
#: what Capillary does with them
REWARDS = "/v2/promotion/bulk/*"
OTHER_LIES: tuple[tuple[str, dict], ...] = (
    *(one for one in LIES if one[0] not in {"empty", "refused"}),
    ("refused", {"detail": "Not for this customer"}),
    ("busy", {}),
    ("used_up", {}),
)
#: one lie in so many is Capillary's
OTHERS = 4
#: and with reads
BLANKS: tuple[tuple[str, dict], ...] = (
    ("unavailable", {}),
    ("rate_limited", {"retry_after": 1}),
    ("html", {}),
    ("slow", {"seconds": 0.5}),
    ("reset_mid_body", {}),
    ("timeout_before", {"closed": True}),
)
#: what Slack does: how, and with which method
MOODS: tuple[tuple[str, str, dict], ...] = (
    ("fail", "chat.postMessage", {"times": 3}),
    ("fail", "chat.update", {"times": 3}),
    ("drop_before", "chat.postMessage", {"times": 2}),
    ("drop_after", "chat.postMessage", {"times": 2}),
    ("drop_after", "chat.update", {"times": 2}),
    ("limit", "chat.postMessage", {"retry_after": 1}),
    ("limit", "chat.update", {"retry_after": 1}),
    ("slow", "chat.postMessage", {"seconds": 0.3, "times": 3}),
    ("fail", "users.info", {"times": 3}),
    ("fail", "conversations.replies", {"times": 2}),
    ("fail", "views.open", {"times": 2}),
)
#: how long a start may take, with all that may keep it from starting and on a machine with much else to do, in seconds
STARTING = 300
#: how often each comes in a hundred
SHARES = {"kill": 22, "freeze": 14, "lie": 24, "blank": 12, "mood": 20, "outage": 4, "move": 4}


def planned(count, *, seed):
    """So many misfortunes, shuffled; the second process comes after a quarter and goes after three."""
    names = [name for name, share in SHARES.items() for _ in range(max(round(share * count / 100), 1))]
    random.Random(seed).shuffle(names)
    return [*names[: count // 4], "join", *names[count // 4 : 3 * count // 4], "part", *names[3 * count // 4 :]]


class Mischief:
    """The processes of the bot, and everything that happens to them."""

    def __init__(self, world, *, seed):
        self.world, self.chance = world, random.Random(seed)
        self.bots = [world.bot]

    async def do_all(self, plan, *, meanwhile):
        """One after the other; `meanwhile` hears which part of all is done."""
        for done, name in enumerate(plan, start=1):
            meanwhile(done / len(plan))
            await getattr(self, name)()
            await asyncio.sleep(self.chance.uniform(0.1, 0.5))

    def calm(self):
        """Nothing goes wrong any more."""
        self.world.kajabi.calm()
        self.world.capillary.calm()
        self.world.slack.workspace.troubles.clear()

    async def ends(self):
        """Leave none of the other processes behind."""
        for bot in self.bots:
            if bot is not self.world.bot:
                await bot.kill()

    # --- processes ---------------------------------------------------------------------------------------------------

    async def kill(self):
        bot = self.chance.choice(self.bots)
        await bot.kill()
        self._lead_to(one for one in self.bots if one.running)
        await asyncio.sleep(self.chance.choice((0.0, 0.0, 0.5, 1.5)))
        await self._start(bot)

    async def freeze(self):
        """Longer than its lease; sometimes it never wakes again."""
        bot = self.chance.choice(self.bots)
        os.kill(bot.pid, signal.SIGSTOP)
        await asyncio.sleep(self.chance.uniform(1.3, 2.6))
        if self.chance.random() < 0.2:
            await bot.kill()
            await self._start(bot)
        else:
            os.kill(bot.pid, signal.SIGCONT)

    async def join(self):
        """A second process begins on the same database."""
        second = another(self.world.bot)
        self.bots.append(second)
        await self._start(second)

    async def part(self):
        """The second process goes, in order."""
        second = self.bots.pop()
        await second.stop()
        self._lead_to(self.bots)

    async def move(self):
        """From HTTP to Socket Mode, or back: with the next start, as it would be."""
        secret, token = "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN"
        workspace = self.world.slack.workspace
        gone, come = (
            (secret, {token: workspace.app_token}) if self.over_http else (token, {secret: workspace.signing_secret})
        )
        for bot in self.bots:
            await bot.kill()
            bot.settings = {name: one for name, one in bot.settings.items() if name != gone} | come
        for bot in self.bots:
            await self._start(bot)

    @property
    def over_http(self):
        return "SLACK_SIGNING_SECRET" in self.world.bot.settings

    async def _start(self, bot):
        """As a supervisor does: again, when Kajabi or Slack does not let it start."""
        async with asyncio.timeout(STARTING):
            while True:
                try:
                    await bot.start()
                    break
                except BotFailed:
                    await asyncio.sleep(0.5)
        self._lead_to([bot])

    def _lead_to(self, bots):
        """Slack's requests go to one that lives; in Socket Mode it is the bots who come to Slack."""
        if not self.over_http:
            self.world.slack.events_url = ""
            return
        found = next(iter(bots), None)
        if found is not None:
            self.world.slack.events_url = f"{found.address}/slack/events"

    # --- providers and Slack ------------------------------------------------------------------------------------------

    async def lie(self):
        if self.chance.randrange(OTHERS) == 0:
            name, options = self.chance.choice(OTHER_LIES)
            times = self.chance.randint(1, 3)
            self.world.capillary.trouble(name, method=GRANT, path=REWARDS, times=times, **options)
            return
        name, options = self.chance.choice(LIES)
        times = self.chance.randint(1, 3)
        self.world.kajabi.trouble(
            name, method=self.chance.choice((GRANT, GRANT, REVOKE)), path=OFFERS, times=times, **options
        )

    async def blank(self):
        name, options = self.chance.choice(BLANKS)
        provider = self.world.kajabi if self.chance.randrange(OTHERS) else self.world.capillary
        provider.trouble(name, method="GET", times=self.chance.randint(2, 6), **options)

    async def mood(self):
        name, method, options = self.chance.choice(MOODS)
        getattr(self.world.slack.workspace.troubles, name)(method, **options)

    async def outage(self):
        """Slack is away: no call is answered, no click arrives, every socket is lost."""
        self.world.slack.go_down()
        await asyncio.sleep(self.chance.uniform(0.5, 2.0))
        self.world.slack.come_back()

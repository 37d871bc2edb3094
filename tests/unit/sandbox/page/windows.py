"""A window of a browser, without the browser: what it sends and what it is told."""

import asyncio
from dataclasses import dataclass
from typing import Any

import aiohttp


@dataclass
class World:
    """What the page needs of a world."""

    slack: Any
    kajabi: Any
    bot: Any
    capillary: Any = None
    timeline: Any = None
    policy: Any = None


class Process:
    """A bot that is a fact, not a process."""

    def __init__(self):
        self.running, self.pid, self.said = True, 4711, []

    async def start(self):
        self.running = True
        self.said.append("start")

    async def stop(self):
        self.running = False
        self.said.append("stop")
        return 0

    async def kill(self):
        self.running = False
        self.said.append("kill")
        return -9


class Window:
    """One person at one window, with the key of the page as a cookie."""

    def __init__(self, http, page, person):
        self.http, self.person = http, person
        self.origin, _, self.key = page.url.partition("/?key=")
        self.snapshots, self.panels = [], []
        self._news = asyncio.Event()

    async def __aenter__(self):
        async with self.http.get(f"{self.origin}/?key={self.key}") as answer:
            assert answer.status == 200
        self.socket = await self.http.ws_connect(f"{self.origin}/feed?as={self.person}")
        self._listening = asyncio.create_task(self._listen())
        await self.until(bool)
        return self

    async def __aexit__(self, *_):
        await self.socket.close()
        await self._listening

    async def _listen(self):
        async for message in self.socket:
            told = message.json()
            (self.panels if told["type"] == "panel" else self.snapshots).append(told)
            self._news.set()

    @property
    def told(self):
        return self.snapshots[-1]

    async def until(self, look, *, within=5):
        """Wait for a snapshot in which something is found, and return that."""
        async with asyncio.timeout(within):
            while not (self.snapshots and (found := look(self.told))):
                self._news.clear()
                await self._news.wait()
        return found

    async def told_of(self, panel):
        async with asyncio.timeout(5):
            while panel not in [one["name"] for one in self.panels]:
                self._news.clear()
                await self._news.wait()

    async def act(self, verb, **what):
        return await self.post("/act", {"as": self.person, "verb": verb} | what)

    async def does(self, verb, **what):
        answer = await self.act(verb, **what)
        assert answer["ok"], answer
        return answer

    async def post(self, path, body):
        async with self.http.post(f"{self.origin}{path}", json=body) as answer:
            return await answer.json()

    async def get(self, path):
        async with self.http.get(f"{self.origin}{path}") as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    # what one would look for

    def channel(self, name):
        return next(one for one in self.told["channels"] if one["name"] == name)

    def post_with(self, words):
        """The newest message that holds these words, and its channel."""
        found = [
            {"channel": channel, "ts": post["ts"]}
            for channel, posts in self.told["messages"].items()
            for post in posts
            if words in post["text"] or words in str(post["blocks"])
        ]
        return found[-1] if found else None


def browser():
    """Keeps cookies of 127.0.0.1, as browsers do."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

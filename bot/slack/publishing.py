"""Puts a Home before its owner's eyes. What is there already is not published again: Slack takes only so many."""

import hashlib
import json
from dataclasses import replace

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.home import Home, Overview
from bot.ports import Clock
from bot.slack import home as homes
from bot.slack.blocks import Block
from bot.slack.calls import Caller, CallFailed
from bot.slack.content import Content, plainer
from bot.slack.messenger import told
from bot.slack.pace import Pace
from bot.words.scene import Scene

log = structlog.get_logger()
#: Slack takes a hundred a minute; whoever waits for theirs does not wait for this
INTERVAL, BURST = 0.6, 20
#: Slack does not take the drawing; a plainer one says the same
BAD_DRAWING = frozenset({"invalid_arguments", "invalid_blocks", "invalid_blocks_format", "view_too_large"})
EVERYBODYS = "homes"


class Publisher:
    """The `Screen` of `ports`."""

    def __init__(self, client: AsyncWebClient, *, scene: Scene, clock: Clock) -> None:
        self._client, self._scene, self._call = client, scene, Caller(clock)
        self._pace = Pace(clock, interval=INTERVAL, burst=BURST)

    async def show(self, home: Home, overview: Overview) -> str:
        """Draw it, publish it unless it is on the screen already, and return the drawing's digest."""
        view = homes.home(overview, replace(self._scene, pause=overview.pause))
        digest = hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()
        if digest == home.digest:
            return digest
        if not home.asked:
            await self._pace.slot(EVERYBODYS)
        try:
            await self._publish(home, view)
        except CallFailed as failed:
            raise told(failed.trouble) from None
        return digest

    async def _publish(self, home: Home, view: Block) -> None:
        try:
            await self._call(self._client.views_publish, user_id=home.person.id, view=view)
        except CallFailed as failed:
            if failed.trouble.code not in BAD_DRAWING:
                raise
            log.error("home refused", why=failed.trouble.code)  # noqa: TRY400 - the trace says nothing, and quotes what was drawn
            blocks = plainer(Content("", view["blocks"])).blocks
            await self._call(self._client.views_publish, user_id=home.person.id, view=view | {"blocks": blocks})

"""Shows in Slack what is owed to people: posts it, keeps it up to date, and never shows it twice if it can help it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import DeliveryError, NotDelivered, Undeliverable
from bot.domain.request import Message, MessageKind
from bot.ports import Clock, Delivery
from bot.slack import uploads
from bot.slack.calls import Caller, CallFailed, Trouble
from bot.slack.content import Content, plainer
from bot.slack.installation import Installation
from bot.slack.pace import Pace
from bot.slack.pulse import Pulse
from bot.slack.rendering import render
from bot.slack.retrieval import copies, metadata_of, posted_before
from bot.slack.uploads import Outcomes
from bot.words import bulk
from bot.words.scene import Scene

log = structlog.get_logger()
Json = dict[str, Any]

#: how long to leave an installation alone that is not right, in seconds
UNTIL_PUT_RIGHT = 60.0
#: Slack does not take the drawing; a plainer one says the same
BAD_DRAWING = frozenset(
    {"block_mismatch", "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text"}
)
#: what was shown can be edited no more, so it is shown anew
GONE = frozenset({"cant_update_message", "edit_window_closed", "message_not_found"})
#: somebody deleted the card: what stands in its thread is told all the same
THREAD_GONE = frozenset({"cannot_reply_to_message", "message_not_found", "thread_not_found"})


class SlackMessenger:
    """The `Messenger` of `ports`."""

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        scene: Scene,
        installation: Installation,
        clock: Clock,
        pace: Pace | None = None,
        outcomes: Outcomes | None = None,
    ) -> None:
        self._client, self._scene, self._installation, self._clock = client, scene, installation, clock
        self._outcomes, self._pulse = outcomes, Pulse()
        self._call, self._pace = Caller(clock), pace or Pace(clock)
        self._direct: dict[str, str] = {}

    async def deliver(self, delivery: Delivery) -> tuple[str, str]:
        """Post or update; return where it stands (channel, ts). Raises `Undeliverable` or `NotDelivered`."""
        try:
            return await self._deliver(delivery)
        except CallFailed as failed:
            raise told(failed.trouble) from None

    async def withdraw_copies(self, delivery: Delivery) -> None:
        """Delete what stands beside the message where it stands. Raises as `deliver`."""
        message, channel = delivery.message, delivery.message.channel
        found = copies(self._call, self._client, delivery=delivery, channel=channel, installation=self._installation)
        try:
            async for ts in found:
                if ts != message.ts:
                    log.warning("copy withdrawn", request=message.request_id, kind=message.kind)
                    if message.kind is MessageKind.FILE:
                        await uploads.deleted(self._call, self._client, ts)
                    else:
                        await self._call(self._client.chat_delete, channel=channel, ts=ts)
        except CallFailed as failed:
            raise told(failed.trouble) from None

    async def _deliver(self, delivery: Delivery) -> tuple[str, str]:
        message, content = delivery.message, self._drawn(delivery)
        if message.kind is MessageKind.FILE and self._scene.writes_files and self._outcomes is not None:
            try:
                return await self._give(delivery, self._outcomes)
            except CallFailed as failed:
                if failed.trouble.code != "missing_scope":  # taken away since the start: words say it as well
                    raise
        if message.ts:
            try:
                return await self._update(message, content, channel=message.channel, ts=message.ts)
            except CallFailed as failed:
                if failed.trouble.code not in GONE:
                    raise
                log.warning("message gone, shown anew", request=message.request_id, kind=message.kind)
        channel = await self._conversation(delivery)
        if message.attempts > 1:
            ts = await posted_before(
                self._call, self._client, delivery=delivery, channel=channel, installation=self._installation
            )
            if ts is not None:
                return await self._update(message, content, channel=channel, ts=ts)
        return await self._post(delivery, content, channel=channel)

    def _drawn(self, delivery: Delivery) -> Content:
        case = delivery.case
        if case is None or not case.request.bulk:
            return render(delivery, self._scene)
        return render(delivery, replace(self._scene, rate=self._pulse.rate(case, self._clock())))

    async def _give(self, delivery: Delivery, outcomes: Outcomes) -> tuple[str, str]:
        """Share a file in the thread; its own id is kept in place of the message's. One that says too much goes."""
        message, channel = delivery.message, await self._conversation(delivery)
        if message.ts:
            await uploads.deleted(self._call, self._client, message.ts)
        if message.attempts > 1:
            found = copies(
                self._call, self._client, delivery=delivery, channel=channel, installation=self._installation
            )
            for file_id in [one async for one in found]:
                if message.version == 1:
                    return channel, file_id
                # wanted anew since, and nobody heard that it was shared: it may name who was forgotten meanwhile
                await uploads.deleted(self._call, self._client, file_id)
        await self._pace.slot(channel)
        file_id = await uploads.stored(self._call, self._client, message, outcomes)
        self._demand_time(message)
        title, thread = (
            bulk.file_title(message.request_id or "", delivery.event),
            delivery.thread.ts if delivery.thread else "",
        )
        try:
            await uploads.shared(self._call, self._client, file_id, title=title, channel=channel, thread=thread)
        except CallFailed as failed:
            if not thread or failed.trouble.code not in THREAD_GONE:
                raise
            await uploads.shared(self._call, self._client, file_id, title=title, channel=channel, thread="")
        return channel, file_id

    async def _conversation(self, delivery: Delivery) -> str:
        """Return where it goes: the card's own channel for its thread, a person's direct conversation."""
        if delivery.thread is not None and delivery.thread.channel:
            return delivery.thread.channel
        to = delivery.message.to
        if not to.startswith(("U", "W")):
            return to
        if to not in self._direct:
            answer = await self._call(self._client.conversations_open, users=to)
            self._direct[to] = answer["channel"]["id"]
        return self._direct[to]

    async def _post(self, delivery: Delivery, content: Content, *, channel: str) -> tuple[str, str]:
        await self._pace.slot(channel)
        message, thread = delivery.message, delivery.thread
        arguments: Json = {"channel": channel, "unfurl_links": False, "unfurl_media": False}
        place: Json = {}
        if thread is not None and thread.ts:
            place = {"thread_ts": thread.ts, "reply_broadcast": message.kind is MessageKind.RESULT}
        post = self._client.chat_postMessage
        try:
            answer = await self._show(post, message, content, **arguments, **place)
        except CallFailed as failed:
            if not place or failed.trouble.code not in THREAD_GONE:
                raise
            answer = await self._show(post, message, content, **arguments)
        return answer["channel"], answer["ts"]

    async def _update(self, message: Message, content: Content, *, channel: str, ts: str) -> tuple[str, str]:
        await self._show(self._client.chat_update, message, content, channel=channel, ts=ts)
        return channel, ts

    async def _show(
        self, method: Callable[..., Awaitable[Any]], message: Message, content: Content, **arguments: Any
    ) -> Any:
        """Draw it as plain as Slack wants it."""
        self._demand_time(message)
        arguments |= {"metadata": metadata_of(message)}
        for drawing in (content, plainer(content)):
            try:
                return await self._call(method, text=drawing.text, blocks=drawing.blocks, **arguments)
            except CallFailed as failed:
                if failed.trouble.code not in BAD_DRAWING:
                    raise
                log.error("drawing refused", request=message.request_id, kind=message.kind, why=failed.trouble.code)  # noqa: TRY400 - the trace says nothing, and quotes what was drawn
        return await self._call(method, text=content.text, blocks=[], **arguments)

    def _demand_time(self, message: Message) -> None:
        if message.due is not None and self._clock() >= message.due:
            raise NotDelivered("late")  # frozen since it was claimed: by now it is somebody else's


def told(trouble: Trouble) -> DeliveryError:
    """Say whether the same may work later."""
    if trouble.passing:
        return NotDelivered(trouble.code, retry_after=trouble.retry_after)
    if trouble.misconfigured:
        log.error("slack refuses the installation; run the doctor", why=trouble.code)
        return NotDelivered(trouble.code, retry_after=UNTIL_PUT_RIGHT)
    return Undeliverable(trouble.code)

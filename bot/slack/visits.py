"""What did a person do, and by which way do they hear back? One class for each kind of thing that Slack sends.

Every listener runs inside `attend`: a refusal becomes its sentence, anything unforeseen a sentence with a name under
which the log has it, and nothing is raised into Bolt.
"""

import asyncio
import traceback
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, TypeVar

import aiohttp
import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import NotDelivered, OfferdeskError, Refusal, StoreUnavailable, Unfinished
from bot.domain.request import Person
from bot.slack.blocks import SAID, Block, plain, section
from bot.slack.content import Content, said
from bot.slack.desk import Desk
from bot.words import labels, refusals, replies
from bot.words.text import as_plain, cut

log = structlog.get_logger(__name__)
#: Slack waits three seconds for an acknowledgement; what is not done by then may be stored, and that is said
ACK_SECONDS = 2.3


class Visit:
    """One thing a person did in Slack. Never used itself."""

    #: the provider that it is about, where that was said
    provider: str | None = None

    def __init__(
        self, desk: Desk, *, body: dict[str, Any], ack: AsyncAck, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        self.desk, self.body, self.ack, self.client, self.respond = desk, body, ack, client, respond

    @property
    def by(self) -> Person:
        """The person, by workspace and id; names in payloads prove nothing."""
        user = self.body["user"]
        return Person(user.get("team_id") or self.body["team"]["id"], user["id"])

    @property
    def about(self) -> str:
        """Name the provider that it is about: where none was said, the first."""
        return self.provider or self.desk.default_provider

    @property
    def channel(self) -> str:
        """Where it was done; empty where that is nowhere."""
        return str((self.body.get("channel") or {}).get("id", ""))

    @property
    def view(self) -> dict[str, Any]:
        """The form it was done in."""
        view: dict[str, Any] = self.body["view"]
        return view

    async def answer(self, content: Content) -> None:
        """Show it to this person alone."""
        raise NotImplementedError

    async def refuse(self, error: OfferdeskError) -> None:
        """Say why not."""
        await self.say(self.desk.sentence(error, provider=self.provider))

    async def say(self, sentence: str) -> None:
        """Tell this person alone."""
        await self.answer(said(sentence))

    def later(self, work: Awaitable[None]) -> None:
        """Do it after Slack has its answer."""
        self.desk.tasks.start(attend(self, work))


class Command(Visit):
    """Somebody typed a slash command."""

    @property
    def by(self) -> Person:
        return Person(self.body["team_id"], self.body["user_id"])

    @property
    def channel(self) -> str:
        return str(self.body.get("channel_id", ""))

    async def answer(self, content: Content) -> None:
        if self.ack.response is None:
            await self.ack(text=content.text, blocks=content.blocks, response_type="ephemeral")
        else:
            await responded(self.respond, content)


class Click(Visit):
    """Somebody pressed or chose something, in a message or in a form."""

    @property
    def action(self) -> dict[str, Any]:
        """What was pressed."""
        action: dict[str, Any] = self.body["actions"][0]
        return action

    @property
    def value(self) -> str:
        """What the button carries: a request's id."""
        return str(self.action.get("value") or "")

    @property
    def at_home(self) -> bool:
        """Whether it was done on the person's Home."""
        return (self.body.get("view") or {}).get("type") == "home"

    async def answer(self, content: Content) -> None:
        if self.respond.response_url is None:
            show = self.client.views_open if self.at_home else self.client.views_push
            await show(trigger_id=self.body["trigger_id"], view=notice(content))
            return
        await responded(self.respond, content)

    async def say(self, sentence: str) -> None:
        """Answer beside the acknowledgement: Slack waits for the one, not for the other."""
        self.desk.tasks.start(_told(self, sentence))


class Sent(Visit):
    """Somebody sent a form. What is wrong is said in it, at the field, and it stays open."""

    async def refuse(self, error: OfferdeskError) -> None:
        fields = self._fields()
        if isinstance(error, Refusal) and fields:
            await self.show(refusals.at_fields(error, fields, provider=self.desk.title()))
        else:
            await self.say(self.desk.sentence(error))

    async def say(self, sentence: str) -> None:
        if fields := self._fields():
            await self.show({fields[-1]: as_plain(sentence)})
        else:
            await self.ack(response_action="update", view=notice(said(sentence)))

    async def show(self, errors: dict[str, str]) -> None:
        """Say what is wrong, each at its field; the form stays open."""
        await self.ack(response_action="errors", errors=errors)

    def _fields(self) -> list[str]:
        return [block["block_id"] for block in self.view["blocks"] if block["type"] == "input"]


class Chosen(Visit):
    """Somebody used a shortcut. There may be no channel to answer in, so answers are small windows."""

    async def answer(self, content: Content) -> None:
        await self.client.views_open(trigger_id=self.body["trigger_id"], view=notice(content))


class Typing(Visit):
    """Somebody types into a type-ahead. It can show nothing but options."""

    async def say(self, sentence: str) -> None:
        await self.ack(options=[{"text": plain(as_plain(sentence), 75), "value": SAID}])


class Event(Visit):
    """Something happened in the workspace. Slack may tell it more than once."""

    @property
    def event(self) -> dict[str, Any]:
        """What happened."""
        event: dict[str, Any] = self.body["event"]
        return event

    @property
    def by(self) -> Person:
        event = self.event
        return Person(event.get("user_team") or event.get("team") or self.body["team_id"], event["user"])

    @property
    def channel(self) -> str:
        return str(self.event.get("channel", ""))

    async def answer(self, content: Content) -> None:
        await self.client.chat_postEphemeral(
            channel=self.channel,
            user=self.by.id,
            thread_ts=self.event.get("thread_ts"),
            text=content.text,
            blocks=content.blocks,
        )

    async def say(self, sentence: str) -> None:
        """Tell it once, however often Slack delivers the event."""
        try:
            first = await self.desk.first_sight(self.body["event_id"], now=self.desk.clock())
        except StoreUnavailable:
            first = True
        if first:
            await super().say(sentence)


Kind = TypeVar("Kind", bound=Visit)
Handler = Callable[[Kind], Awaitable[None]]


async def responded(respond: AsyncRespond, content: Content) -> None:
    """Answer through the response URL, which says nothing by itself when Slack does not take the answer."""
    answer = await respond(text=content.text, blocks=content.blocks, response_type="ephemeral", replace_original=False)
    if answer.status_code != HTTPStatus.OK:
        log.warning("visit.unanswered", status=answer.status_code)


async def attend(visit: Visit, work: Awaitable[None]) -> None:
    """Do the work and tell the person what came in its way; raise nothing."""
    try:
        await _attempted(visit, work)
    except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
        log.warning("visit.unanswered", kind=type(visit).__name__, **described(error))
    except Exception as error:  # noqa: BLE001 - nobody is left to tell but the log
        log.error("visit.unanswered", kind=type(visit).__name__, **described(error))  # noqa: TRY400 - no words of the error


async def _attempted(visit: Visit, work: Awaitable[None]) -> None:
    waiting = visit.ack.response is None and not isinstance(visit, Event)
    try:
        async with asyncio.timeout(ACK_SECONDS if waiting else None):
            await work
    except OfferdeskError as error:
        log.info("visit.refused", kind=type(visit).__name__, reason=type(error).__name__)
        await visit.refuse(error)
    except SlackApiError as error:
        log.warning("visit.slack_refused", kind=type(visit).__name__, code=str(error.response.get("error")))
        await visit.refuse(NotDelivered(str(error.response.get("error"))))
    except TimeoutError as error:
        log.warning("visit.slow", kind=type(visit).__name__, **described(error))
        await visit.refuse(Unfinished() if waiting else NotDelivered(replies.NO_ANSWER))
    except aiohttp.ClientError as error:
        log.warning("visit.slack_silent", kind=type(visit).__name__, **described(error))
        await visit.refuse(NotDelivered(replies.NO_ANSWER))
    except Exception as error:  # noqa: BLE001 - told to the person, and logged under the same name
        incident = visit.desk.incident()
        facts = described(error)
        log.error("visit.broken", kind=type(visit).__name__, incident=incident, **facts)  # noqa: TRY400 - nor here
        await visit.say(replies.unforeseen(incident))


async def _told(visit: Visit, sentence: str) -> None:
    try:
        await visit.answer(said(sentence))
    except (SlackApiError, TimeoutError, aiohttp.ClientError) as error:
        log.warning("visit.unanswered", kind=type(visit).__name__, **described(error))


def described(error: BaseException) -> dict[str, str]:
    """Say where an error came from, without its words: they may quote what somebody typed."""
    return {"error": type(error).__name__, "trace": "".join(traceback.format_tb(error.__traceback__))}


def notice(content: Content) -> Block:
    """Build a window that only says something."""
    return {
        "type": "modal",
        "callback_id": "notice",
        "title": plain("Offerdesk", 24),
        "close": plain(labels.CLOSE, 24),
        "blocks": content.blocks or [section(cut(content.text, 3000))],
    }

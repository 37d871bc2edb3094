"""Events: a decision written in a thread, and what Slack says about people who changed.

Only *approve*, and *deny* with a reason, decide, and *withdraw* takes an approval back: in a fresh and unedited
mention, for the version that was asked about before it. Slack may deliver an event several times: all three are safe
against that, and a refusal is told once.
"""

import re
from collections.abc import Mapping

from bot.domain.errors import AlreadyDecided, ReasonMissing
from bot.domain.request import Choice, State
from bot.slack import at_home, questions
from bot.slack.content import introduced
from bot.slack.visits import Event, Handler
from bot.words import replies
from bot.words.text import unescape

#: seconds after which a message no longer decides: Slack may deliver it hours late
FRESH = 600.0
#: a mention at the beginning; Slack tells of messages that begin with somebody else’s, too
_MENTION = re.compile(r"\s*<@([A-Z0-9]{1,40})(?:\|[^<>]{0,100})?>[\s,:]*")
_APPROVE = re.compile(r"approved?[\s.!]*", re.IGNORECASE)
_DENY = re.compile(r"den(?:y|ied)\b[\s:,–-]*(.*)", re.IGNORECASE | re.DOTALL)
_WITHDRAW = re.compile(r"withdraw[\s.!]*", re.IGNORECASE)
#: what people write who take words for buttons
_BARE = re.compile(
    r"(?:ok(?:ay)?|yes|approved?|go ahead|fine|lgtm|\+1|:\+1:|den(?:y|ied)|no)[\s.!]{0,5}", re.IGNORECASE
)


async def mentioned(visit: Event) -> None:
    """Decide, if that is what was written; else say how it is done."""
    event = visit.event
    if _by_a_machine(visit):
        return
    text, bot = str(event.get("text") or ""), visit.desk.bot_user
    said = decision(text, bot=bot)
    if said is None and not is_withdrawal(text, bot=bot):
        await visit.say(replies.MENTION_HELP)
    elif "edited" in event:
        await visit.say(replies.MENTION_EDITED)
    elif not _fresh(visit):
        await visit.say(replies.MENTION_OLD)
    elif said is None:
        await _withdraw(visit)
    else:
        await _decide(visit, *said)


async def _decide(visit: Event, choice: Choice, note: str) -> None:
    event, desk = visit.event, visit.desk
    thread_ts, ts = str(event.get("thread_ts") or event["ts"]), str(event["ts"])
    try:
        await desk.service.decide_in_thread(
            choice, channel=visit.channel, thread_ts=thread_ts, ts=ts, by=visit.by, note=note
        )
    except ReasonMissing:
        await visit.say(replies.MENTION_REASON)
        return
    except AlreadyDecided as refusal:
        if refusal.by != visit.by.id:
            raise  # one's own decision is no news: Slack has delivered this event before
    await desk.first_sight(visit.body["event_id"], now=desk.clock())


async def _withdraw(visit: Event) -> None:
    event, desk = visit.event, visit.desk
    thread_ts, ts = str(event.get("thread_ts") or event["ts"]), str(event["ts"])
    await desk.service.withdraw_in_thread(channel=visit.channel, thread_ts=thread_ts, ts=ts, by=visit.by)
    await desk.first_sight(visit.body["event_id"], now=desk.clock())


def is_withdrawal(text: str, *, bot: str) -> bool:
    """Whether an approval is taken back in what was said to the bot, by its user id."""
    mention = _MENTION.match(text)
    return mention is not None and mention[1] == bot and _WITHDRAW.fullmatch(text[mention.end() :]) is not None


def decision(text: str, *, bot: str) -> tuple[Choice, str] | None:
    """Read a decision out of what was said to the bot, by its user id; None when it is none."""
    mention = _MENTION.match(text)
    rest = text[mention.end() :] if mention is not None and mention[1] == bot else ""
    if _APPROVE.fullmatch(rest):
        return Choice.APPROVE, ""
    denied = _DENY.fullmatch(rest)
    return (Choice.DENY, unescape(denied[1]).strip()) if denied is not None else None


async def message(visit: Event) -> None:
    """Show the buttons to somebody who may decide and wrote no more than *ok*: words like that decide nothing.

    What is written to the bot directly is answered in any case: nobody else would.
    """
    event, desk = visit.event, visit.desk
    thread_ts, direct = event.get("thread_ts"), event.get("channel_type") == "im"
    bare = thread_ts is not None and _BARE.fullmatch(str(event.get("text") or "").strip()) is not None
    if not (bare or direct) or _by_a_machine(visit) or "subtype" in event or "edited" in event or not _fresh(visit):
        return
    request_id = await desk.in_thread(visit.channel, str(thread_ts)) if thread_ts is not None else None
    if request_id is None:
        if direct:
            await visit.say(replies.DIRECT_HELP)
        return
    case = await desk.service.case(request_id)
    if case.request.state is not State.PENDING or not (await desk.authority.may_decide(case, visit.by)).allowed:
        return
    if await desk.first_sight(visit.body["event_id"], now=desk.clock()):
        current = questions.ask(case, desk.scene, version=case.request.version, direct=False)
        await visit.answer(introduced(replies.BARE_WORDS, current))


async def user_changed(visit: Event) -> None:
    person = str(visit.event["user"]["id"])
    await visit.desk.user_changed(person)
    await visit.desk.homes.redraw_home(person, now=visit.desk.clock())


async def group_changed(visit: Event) -> None:
    """Whoever came or went may decide on more or on less than their Home shows."""
    await visit.desk.group_changed(str(visit.event["subteam_id"]))
    for change in ("added_users", "removed_users"):
        for person in visit.event.get(change) or ():
            await visit.desk.homes.redraw_home(str(person), now=visit.desk.clock())


async def unknown(_: Event) -> None:
    """Take note of an event that nothing here listens to."""


def _by_a_machine(visit: Event) -> bool:
    return "bot_id" in visit.event or not isinstance(visit.event.get("user"), str)


def _fresh(visit: Event) -> bool:
    return visit.desk.clock() - float(visit.event["ts"]) <= FRESH


EVENTS: Mapping[str, Handler[Event]] = {
    "app_home_opened": at_home.opened,
    "app_mention": mentioned,
    "message": message,
    "user_change": user_changed,
    "subteam_members_changed": group_changed,
}

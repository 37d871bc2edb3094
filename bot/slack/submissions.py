"""Forms that were sent. What they ask for is on disk before Slack is answered; what is wrong is said at the field."""

from collections.abc import Mapping

from bot.domain.errors import FormOutdated
from bot.domain.request import Choice
from bot.slack import at_home, bulk_again, bulk_form, bulk_undo, decisions, extending, forms
from bot.slack.visits import Handler, Sent
from bot.words import replies


async def send(visit: Sent) -> None:
    """Store a request, or what it is changed to. No provider is asked; what it says comes later, as a message."""
    desk = visit.desk
    form = forms.read(visit.view, providers=desk.scene.titles)
    asked = forms.submission(form, visit.view, by=visit.by, approvals_channel=desk.approvals_channel)
    if form.draft.edits:
        await desk.service.edit(form.draft.edits, asked, by=visit.by, shown=form.draft.shown)
    else:
        await desk.service.submit(asked)
    await visit.ack()


async def extend(visit: Sent) -> None:
    """Ask for the same for longer."""
    asked = extending.read(visit.view)
    key = str(visit.view.get("root_view_id") or visit.view["id"])
    await visit.desk.service.extend(asked.end_id, asked.term, by=visit.by, reason=asked.reason, key=key)
    await visit.ack()


async def deny(visit: Sent) -> None:
    denial = decisions.read_denial(visit.view)
    await visit.desk.service.decide(denial.request_id, Choice.DENY, by=visit.by, shown=denial.shown, note=denial.reason)
    await visit.ack()


async def settle(visit: Sent) -> None:
    settlement = decisions.read_settlement(visit.view)
    if settlement.done is None:
        await visit.show({"outcome": replies.OUTCOME_MISSING})
        return
    await visit.desk.service.settle(settlement.request_id, done=settlement.done, by=visit.by, note=settlement.note)
    await visit.ack()


async def unknown(visit: Sent) -> None:
    """Answer a form that this release does not have."""
    await visit.refuse(FormOutdated())


SUBMISSIONS: Mapping[str, Handler[Sent]] = {
    "grant": send,
    "revoke": send,
    "bulk": bulk_form.send,
    "undo_bulk": bulk_undo.send,
    "ask_again": bulk_again.send,
    "extend": extend,
    "deny": deny,
    "settle": settle,
    "look_up": at_home.looked_up,
    "pause": at_home.paused,
}

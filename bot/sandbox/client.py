"""Slack's own client: it tells the app what a person did, and shows what the app acknowledged."""

from typing import TYPE_CHECKING

from bot.sandbox import composer, inputs, payloads, replies
from bot.sandbox.blockkit import check_blocks
from bot.sandbox.delivery import Ack, Delivery
from bot.sandbox.model import CannotDo, Channel, Json, Member, Post, SlackError, View

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

TROUBLE_CONNECTING = "We had some trouble connecting. Try again?"
NOT_INTERACTIVE = "This app is not configured to handle interactive responses."


def delivery_of(world: "Workspace") -> Delivery:
    if world.delivery is None or world.troubles.down:
        raise CannotDo("Slack is down")
    return world.delivery


async def run_command(world: "Workspace", member: Member, channel: Channel, *, typed: str) -> Post | None:
    """A slash command; what only this person is told stands in the channel and is returned."""
    name, _, text = typed.partition(" ")
    declared = world.manifest.command(name)
    if declared is None or "commands" not in world.manifest.scopes:
        return replies.slackbot_says(world, member, channel, f"{name} is not a valid command.")
    text = composer.command(text.strip(), world, should_escape=declared.get("should_escape", False))
    payload = payloads.command(world, member, channel, name=name, text=text)
    ack = await delivery_of(world).send("command", payload)
    if ack.error:
        return replies.slackbot_says(world, member, channel, f'{name} failed with the error "{ack.error}"')
    try:
        return replies.answer_to_command(world, ack.body, member=member, channel=channel)
    except SlackError as refused:
        _fault(world, f"answer to {name}: {refused}")
        said = f'{name} failed with the error "invalid_command_response"'
        return replies.slackbot_says(world, member, channel, said)


async def interact(world: "Workspace", member: Member, payload: Json) -> Ack:
    """An interaction; when the app does not answer, Slack says so beside what was touched."""
    delivery = delivery_of(world)
    if not world.manifest.interactive:
        member.notices.append(NOT_INTERACTIVE)
        return Ack(error="dispatch_failed")
    ack = await delivery.send(payload["type"], payload)
    if ack.error:
        member.notices.append(f'{payload["type"]} failed with the error "{ack.error}"')
    return ack


async def suggest(
    world: "Workspace", member: Member, view: View, *, operated: inputs.Operated, typed: str
) -> list[Json]:
    """The options the app offers for what was typed so far."""
    if not world.manifest.suggests_options:
        member.notices.append(NOT_INTERACTIVE)
        return []
    payload = payloads.suggestion(world, member, view, operated=operated, value=typed)
    ack = await interact(world, member, payload)
    body = ack.body if isinstance(ack.body, dict) else {}
    groups = body.get("option_groups")
    options = [o for group in groups for o in group["options"]] if groups else body.get("options") or []
    faults = _option_faults({"option_groups": groups} if groups else {"options": options}) if options else []
    if faults:
        _fault(world, f"options: {'; '.join(faults)}")
        member.notices.append('block_suggestion failed with the error "invalid_options"')
        return []
    return list(options)


def _option_faults(offered: Json) -> list[str]:
    """Offered options have the limits of those that stand in a static select."""
    element = {"type": "static_select", "action_id": "offered"} | offered
    block = {"type": "actions", "elements": [element]}
    return [str(fault) for fault in check_blocks([block], surface="modal")]


async def submit(world: "Workspace", member: Member, view: View) -> dict[str, str]:
    """Send a form; what the app finds wrong stands at the fields. An empty key: Slack could not bring it."""
    ack = await interact(world, member, payloads.submission(world, member, view))
    if ack.error:
        return {"": TROUBLE_CONNECTING}
    try:
        return _act_on(world, member, view, ack.body or {})
    except SlackError as refused:
        _fault(world, f"answer to view_submission: {refused}")
        member.notices.append(TROUBLE_CONNECTING)
        return {"": TROUBLE_CONNECTING}


def _act_on(world: "Workspace", member: Member, view: View, body: Json) -> dict[str, str]:
    """docs.slack.dev/surfaces/modals: the `response_action` of an acknowledged submission."""
    match body.get("response_action"):
        case None if not body:
            if member.modals and member.modals[-1] is view:
                world.modals.close(member)
        case "clear":
            world.modals.close(member, all_of_them=True)
        case "update":
            world.modals.replace(view, body["view"])
        case "push":
            world.modals.put_on_top(member, body["view"])
        case "errors":
            view.errors = _checked_errors(view, body.get("errors"))
            world.changes.tell()
            return dict(view.errors)
        case other:
            raise SlackError("invalid_response_action", messages=[f"[ERROR] {other!r} in {body!r}"])
    return {}


def _checked_errors(view: View, errors: object) -> dict[str, str]:
    """Errors can stand at input blocks of this form only."""
    places = [block["block_id"] for block in view.blocks if block["type"] == "input"]
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_response_action", messages=["[ERROR] errors must name at least one block"])
    lost = [key for key in errors if key not in places]
    if lost:
        raise SlackError("invalid_response_action", messages=[f"[ERROR] no input block {', '.join(lost)}"])
    return errors


async def close(world: "Workspace", member: Member, *, all_of_them: bool) -> None:
    """The person closes a form; the app hears of it where it asked to."""
    top = member.modals[-1]
    cleared = all_of_them or top.body.get("clear_on_close", False)
    for view in world.modals.close(member, all_of_them=cleared):
        if view.body.get("notify_on_close"):
            await interact(world, member, payloads.closed(world, member, view, is_cleared=cleared))


def _fault(world: "Workspace", words: str) -> None:
    world.journal.faults.append(words)

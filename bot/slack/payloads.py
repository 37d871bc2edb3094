"""Is what Slack sent shaped as Slack's documents say? It is asked once, before Bolt; behind that nobody asks again.

Only what Bolt or a listener reads is looked at: what Slack adds some day, or changes elsewhere, is its own affair.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

#: an id of Slack's, or a name that we gave a block, an element, a form: 255 is Slack's limit for these
Id = Annotated[str, Field(min_length=1, max_length=255)]
Name = Annotated[str, Field(max_length=255)]
#: what a person wrote, however long: forms and commands say themselves what is too long
Text = Annotated[str, Field(max_length=1024 * 1024)]
Url = Annotated[str, Field(min_length=1, max_length=3000)]
#: a message's time, which is its id
Moment = Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,9})?$")]


class Named(BaseModel):
    """Something that is given with its id."""

    id: Id


class Authorization(BaseModel):
    """For whom an event was sent."""

    enterprise_id: Id | None = None
    team_id: Id | None = None


class Link(BaseModel):
    """Where to answer."""

    response_url: Url


class Payload(BaseModel):
    """What all have in common: whose it is."""

    api_app_id: Id | None = None
    team: Named | None = None
    team_id: Id | None = None
    enterprise: Named | None = None
    enterprise_id: Id | None = None
    user: Id | Named | None = None
    channel: Id | Named | None = None
    authorizations: list[Authorization] | None = None
    response_url: Url | None = None
    response_urls: list[Link] = []


class Command(Payload):
    """Somebody typed a slash command."""

    team_id: Id
    user_id: Id
    command: Name
    trigger_id: Name
    response_url: Url
    text: Text | None = None
    channel_id: Id | None = None
    channel_name: Name | None = None


class User(Named):
    """Who did it, and where they are at home."""

    team_id: Id | None = None


class Message(BaseModel):
    """The message that something was done with."""

    text: Text | None = None


class Interaction(Payload):
    """Somebody pressed, chose, sent or typed something."""

    user: User
    channel: Named | None = None
    message: Message | None = None

    @model_validator(mode="after")
    def _of_a_workspace(self) -> Self:
        if self.team is None and self.user.team_id is None:
            raise ValueError("nobody's")
        return self


class Option(BaseModel):
    """Something that was chosen."""

    value: Text


class Entry(BaseModel):
    """What stands in a field."""

    value: Text | None = None
    selected_option: Option | None = None
    selected_options: list[Option] | None = None
    selected_conversation: Id | None = None


class State(BaseModel):
    """What stands in all fields."""

    values: dict[str, dict[str, Entry]] | None = None


class Part(BaseModel):
    """A block of a form."""

    type: Name
    block_id: Name


class View(Named):
    """A form, or somebody's Home."""

    type: Name
    callback_id: Name
    blocks: list[Part]
    private_metadata: Text | None = None
    hash: Name | None = None
    root_view_id: Id | None = None
    app_installed_team_id: Id | None = None
    state: State | None = None


class Action(Entry):
    """A button or a field that was used."""

    action_id: Name
    block_id: Name | None = None


class Click(Interaction):
    """Something was pressed or chosen."""

    trigger_id: Name
    actions: Annotated[list[Action], Field(min_length=1)]
    view: View | None = None


class InForm(Interaction):
    """A form was sent or closed."""

    view: View


class Typing(InForm):
    """Something is being typed into a type-ahead."""

    action_id: Name
    value: Text | None = None


class Shortcut(Interaction):
    """A shortcut was used."""

    callback_id: Name
    trigger_id: Name


class Happening(BaseModel):
    """What happened, when nothing but this of it is read."""

    type: Name
    channel: Id | Named | None = None
    enterprise: Id | Named | None = None
    team: Id | Named | None = None
    user: Id | Named | None = None


class Writing(Happening):
    """Somebody wrote something."""

    channel: Id
    ts: Moment
    thread_ts: Moment | None = None
    user: Id | None = None
    team: Id | None = None
    user_team: Id | None = None
    text: Text | None = None
    message: dict[str, Any] | None = None
    previous_message: dict[str, Any] | None = None


class PersonChanged(Happening):
    """Somebody's account changed."""

    user: Named


class GroupChanged(Happening):
    """A user group changed."""

    subteam_id: Id


class HomeOpened(Happening):
    """Somebody looks at their Home."""

    user: Id


class Event(Payload):
    """Something happened; `HAPPENINGS` says how it is shaped."""

    team_id: Id
    event_id: Id
    event: dict[str, Any]


SHAPES: Mapping[str, type[Payload]] = {
    "block_actions": Click,
    "block_suggestion": Typing,
    "event_callback": Event,
    "message_action": Shortcut,
    "shortcut": Shortcut,
    "ssl_check": Payload,
    "url_verification": Payload,
    "view_closed": InForm,
    "view_submission": InForm,
}
HAPPENINGS: Mapping[str, type[Happening]] = {
    "app_home_opened": HomeOpened,
    "app_mention": Writing,
    "message": Writing,
    "subteam_members_changed": GroupChanged,
    "user_change": PersonChanged,
}


def why_odd(payload: Mapping[str, Any]) -> str | None:
    """Name the first place at which this is no payload of Slack's; None when it is one. Nothing of it is repeated."""
    kind = payload.get("type")
    shape = Command if "command" in payload else SHAPES.get(kind) if isinstance(kind, str) else None
    if shape is None:
        return "type"
    try:
        shape.model_validate(payload)
        if shape is Event:
            happened = payload["event"]
            name = happened.get("type")
            (HAPPENINGS.get(name, Happening) if isinstance(name, str) else Happening).model_validate(happened)
    except ValidationError as error:
        place = error.errors(include_url=False, include_context=False, include_input=False)[0]["loc"]
        return f"{shape.__name__}.{'.'.join(str(step)[:40] for step in place)}"
    return None

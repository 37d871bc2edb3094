"""Steps that several stories share."""

from copy import deepcopy

from bot.sandbox import payloads


async def typed(person, command, text, *, channel="#support"):
    """Type a command whose answer needs the provider; return that answer."""
    first = await person.types(command, channel=channel)
    assert first is not None, person.notices
    return await person.sees(text, in_="ephemeral")


async def opened(person, command, *, channel="#support"):
    """Type a command that opens a form; return the form."""
    await person.types(command, channel=channel)
    return await person.sees("Send", in_="view")


async def given_back(desk, person, command, text, **fields):
    """Ask for something that comes back; return the message that says why."""
    await opened(person, command)
    assert await person.submits(**fields) == {}
    return await person.sees(text, in_="dm")


def field(person, name):
    """What stands in a field of the open form."""
    state = next(iter(person.form.shown.values[name].values()))
    option = state.get("selected_option")
    return option["value"] if option else state.get("value")


def has_field(person, name):
    return name in person.form.shown.values


def labels(options):
    return [option["text"]["text"] for option in options]


async def suggests(person, words, *, until):
    """Type the same words into the offer field until these are the options: the list is refreshed in the background."""
    for _ in range(200):
        found = labels(await person.suggests("offer", words))
        if found == until:
            return
    raise AssertionError(f"{words!r} finds {found}, not {until}")


async def forged(desk, person, *, metadata=None, **fields):
    """Send the open form with contents that no client of Slack's would send; return the answer."""
    payload = deepcopy(payloads.submission(desk.workspace, person.member, person.form.shown))
    values = payload["view"]["state"]["values"]
    for name, state in fields.items():
        values[name] = {name: state}
    if metadata is not None:
        payload["view"]["private_metadata"] = metadata
    return (await desk.slack.delivery.send("view_submission", payload)).body or {}


def chosen(value):
    """The state of a select in which this option was chosen."""
    return {
        "type": "external_select",
        "selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": value},
    }


def asked_for(desk):
    """How many requests there are."""
    return len(desk.grace.messages("#support"))

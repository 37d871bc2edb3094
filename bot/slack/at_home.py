"""What people do on their Home: look at it, turn its pages, begin something. What stands on it is drawn by `home`.

Whatever a button there was for, the Home is drawn anew afterwards: the next look at it is up to date.
"""

from collections.abc import Mapping
from functools import partial

from bot.domain.draft import Draft, is_address
from bot.domain.errors import AddressMalformed, OfferdeskError
from bot.domain.pause import WHY_LIMIT
from bot.domain.request import Action
from bot.slack import accounts, buttons, forms, screens
from bot.slack.blocks import Block, plain
from bot.slack.content import said
from bot.slack.home import carried
from bot.slack.visits import Click, Event, Handler, Sent, notice
from bot.words import forms as words
from bot.words import labels, replies


async def opened(visit: Event) -> None:
    """Show a Home to whoever opens it; from then on it is kept up to date."""
    if visit.event.get("tab") == "home":
        blank = "view" not in visit.event
        await visit.desk.homes.open_home(visit.by, blank=blank, now=visit.desk.clock())


async def pressed(visit: Click) -> None:
    """Do what a button on a Home is for, as it would be done anywhere else."""
    name = visit.action["action_id"]
    handler = BUTTONS.get(name) or buttons.BUTTONS.get(name, buttons.unknown)
    refused = True
    try:
        await handler(visit)
        refused = False
    finally:  # what was refused stood on a Home that is out of date
        visit.later(_redrawn(visit, anew=refused))


async def _redrawn(visit: Click, *, anew: bool) -> None:
    await visit.desk.homes.redraw_home(visit.by.id, asked=True, anew=anew, now=visit.desk.clock())


async def turn(visit: Click) -> None:
    """Show the page of a list that a button names."""
    try:
        part, place = carried(visit.value)
    except ValueError:
        await buttons.unknown(visit)
        return
    await visit.desk.homes.turn_home(visit.by, part, place, now=visit.desk.clock())


async def ask(visit: Click, action: Action) -> None:
    """Open an empty form."""
    draft = Draft(action=action, provider=visit.desk.default_provider)
    visit.later(screens.show(visit, screens.form_of(visit.desk, draft, switchable=True)))


async def look_up(visit: Click) -> None:
    """Ask which customer it is about."""
    await buttons.opened(visit, draw_lookup())


async def pause(visit: Click) -> None:
    """Ask why; who may not stop anything is told before they write it."""
    (await visit.desk.authority.may_pause(visit.by)).demand()
    await buttons.opened(visit, draw_pause())


async def resume(visit: Click) -> None:
    await visit.desk.service.resume(by=visit.by)


# --- the two small forms ---------------------------------------------------------------------------------------------


def draw_lookup() -> Block:
    """Ask for a customer."""
    element = {"type": "plain_text_input", "focus_on_load": True, "placeholder": plain(words.CUSTOMER_EXAMPLE, 150)}
    return _form("look_up", labels.LOOK_UP, words.LOOK_UP, forms.field("customer", words.ADDRESS, element))


def draw_pause() -> Block:
    """Ask why everything is to stop."""
    hint = plain(words.WHY_HINT, 2000)
    element = {"type": "plain_text_input", "focus_on_load": True, "max_length": WHY_LIMIT}
    why = forms.field("reason", words.WHY, element, optional=True, hint=hint)
    return _form("pause", words.PAUSE, labels.PAUSE, why)


def _form(callback_id: str, title: str, submit: str, *blocks: Block) -> Block:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "submit": plain(submit, 24),
        "close": plain(labels.BACK, 24),
        "blocks": list(blocks),
    }


async def looked_up(visit: Sent) -> None:
    """Turn the form into the answer, once the provider has given it."""
    address = forms.customer(_typed(visit, "customer"))
    if not is_address(address):
        raise AddressMalformed(address)
    await visit.ack(response_action="update", view=notice(said(replies.LOOKING)))
    visit.later(_answered(visit, address))


async def _answered(visit: Sent, address: str) -> None:
    desk = visit.desk
    try:
        found = await desk.lookups.who(desk.default_provider, address, by=visit.by)
        told = accounts.account(found, provider=desk.title())
    except OfferdeskError as error:
        told = said(desk.sentence(error))
    await visit.client.views_update(view_id=visit.view["id"], view=notice(told))


async def paused(visit: Sent) -> None:
    await visit.desk.service.pause(_typed(visit, "reason"), by=visit.by)
    await visit.ack()


def _typed(visit: Sent, name: str) -> str:
    return str(forms.state_of(visit.view).get(name, {}).get("value") or "")


BUTTONS: Mapping[str, Handler[Click]] = {
    "turn_back": turn,
    "turn_on": turn,
    "ask_grant": partial(ask, action=Action.GRANT),
    "ask_revoke": partial(ask, action=Action.REVOKE),
    "look_up": look_up,
    "pause": pause,
    "resume": resume,
}

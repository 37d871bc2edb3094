"""The form of a request: drawn and read here. A grant and a revoke differ in a box and in what can be chosen.

Every field's `block_id` is its `action_id` is its name, so that what was typed stays when the form is drawn again.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import UnionType
from typing import Any

from bot.domain.draft import Draft, Foreseen, check_name, named_ids
from bot.domain.errors import FormOutdated, OfferForeign, SeveralAddresses
from bot.domain.pause import Pause
from bot.domain.request import Action, Offer, Person, Submission
from bot.domain.tokens import addresses_in
from bot.slack import terms
from bot.slack.blocks import SAID, Block, context, plain, section
from bot.slack.foresight import foreseen_blocks
from bot.words import forms as words
from bot.words import labels, pausing
from bot.words.text import cut, strip, worth

#: what Slack takes as an option's text and as its value
OPTION_TEXT, OPTION_VALUE = 75, 150
#: what an input may be filled with
VALUE_LIMIT = 3000
#: how much of the remarks the form carries along
REMARK_LIMIT, REMARKS = 600, 4
#: what Slack lets a form carry along
METADATA_LIMIT = 3000
#: longer than any id or name that it carries
NAME_LIMIT = 100
#: an input that is told of while somebody types
TYPED: Block = {
    "type": "plain_text_input",
    "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed", "on_character_entered"]},
}
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,30}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form on somebody's screen."""

    draft: Draft
    #: the providers to choose from, by name; their titles
    providers: Mapping[str, str]
    #: those of them that have no welcome mail
    silent: frozenset[str] = frozenset()
    #: which ids the revokes of some of them take, in a sentence
    ids: Mapping[str, str] | None = None
    #: there is no channel yet, so the form asks for one
    asks_channel: bool = False
    #: opened without a word on what is wanted, so the person may change between grant and revoke
    switchable: bool = False
    #: told at its top, mrkdwn
    remarks: tuple[str, ...] = ()
    #: nothing is sent to providers for now
    pause: Pause | None = None

    def switched(self) -> "Form":
        """Return the other one of the two forms, with what was typed."""
        other = Action.REVOKE if self.draft.action is Action.GRANT else Action.GRANT
        return replace(self, draft=replace(self.draft, action=other, welcome_email=False))


def draw(form: Form, foreseen: Foreseen | None = None) -> Block:
    """Draw the form whole, with what is typed so far; what it would do follows below when it is known."""
    draft = form.draft
    title = form.providers.get(draft.provider, draft.provider)
    heading = words.change(draft.edits) if draft.edits else words.TITLES[draft.action]
    return {
        "type": "modal",
        "callback_id": draft.action.value,
        "title": plain(heading, 24),
        "submit": plain(labels.SEND, 24),
        "close": plain(labels.CLOSE, 24),
        "private_metadata": carry(form),
        "blocks": [
            *remark_blocks(form.remarks),
            *provider_field(form),
            *channel_field(form),
            _customer(draft),
            *_name(draft, title),
            _offer(draft),
            *_ids(form),
            *_term(draft),
            *(() if draft.provider in form.silent else welcome_field(draft, title)),
            reason_field(draft),
            *foreseen_blocks(draft, foreseen, title),
            *pause_blocks(form.pause),
            *_switch(form),
        ],
    }


def pause_blocks(pause: Pause | None) -> list[Block]:
    return [] if pause is None else [context(pausing.standing(pause)) | {"block_id": "paused"}]


def read(
    view: Mapping[str, Any],
    *,
    providers: Mapping[str, str],
    silent: frozenset[str] = frozenset(),
    ids: Mapping[str, str] | None = None,
    action: Action | None = None,
) -> Form:
    """Read a form as it stands on the screen. The offer is known by its id alone until the cache is asked.

    `action`: what it asks for, where its name does not say so.
    """
    if action is None and view["callback_id"] not in {one.value for one in words.TITLES}:
        raise FormOutdated
    told = {"channel": str | None, "parent": str | None, "edits": str | None, "shown": int | None}
    state, hidden = state_of(view), carried(view, provider=str, remarks=list, **told)
    provider = _selected(state, "provider") or hidden["provider"]
    chosen = _selected(state, "offer")
    asks_channel = bool(hidden.get("asks_channel"))
    draft = Draft(
        action=action or Action(view["callback_id"]),
        provider=provider if provider in providers else next(iter(providers)),
        address=_typed(state, "customer"),
        creates_contact=bool(hidden.get("creates_contact")),
        name=_typed(state, "name"),
        offer=_named(chosen) if chosen else None,
        ids=_typed(state, "ids"),
        term=terms.legible(state),
        reason=_typed(state, "reason"),
        welcome_email=bool(state.get("welcome_email", {}).get("selected_options")),
        channel=(_selected(state, "channel") or "") if asks_channel else hidden.get("channel") or "",
        parent=hidden.get("parent"),
        edits=hidden.get("edits") or "",
        shown=hidden.get("shown") or 0,
    )
    return Form(
        draft=draft,
        providers=providers,
        silent=silent,
        ids=ids,
        asks_channel=asks_channel,
        switchable=bool(hidden.get("switchable")),
        remarks=tuple(str(one) for one in hidden["remarks"]),
    )


def submission(form: Form, view: Mapping[str, Any], *, by: Person, approvals_channel: str | None) -> Submission:
    """Turn a form that was sent into what is asked for. What the form carried along is checked again."""
    draft = form.draft
    offer = draft.offer
    if offer is not None and offer.key == SAID:
        offer = None
    if offer is not None and offer.provider != draft.provider:
        raise OfferForeign
    address = customer(draft.address)
    if draft.creates_contact:
        check_name(draft.name)
    place = place_of(draft)
    return Submission(
        action=draft.action,
        provider=draft.provider,
        requester=by,
        channel=approvals_channel or place,
        asked_in=place,
        address=address,
        offer_id=offer.id if offer is not None else "",
        reason=draft.reason,
        key=str(view.get("root_view_id") or view["id"]),
        name=draft.name.strip() if draft.creates_contact else "",
        welcome_email=draft.welcome_email and draft.action is Action.GRANT,
        ids=named_ids(draft.ids) if draft.action is Action.REVOKE else (),
        term=terms.typed(state_of(view)) if draft.action is Action.GRANT else None,
        parent=draft.parent,
    )


def place_of(draft: Draft) -> str:
    """Return where it is asked; what the form carried along is believed only if it can be a channel's id."""
    return draft.channel if _CHANNEL.fullmatch(draft.channel) else ""


def customer(typed: str) -> str:
    """Find the address in what was typed; when there is none, what was typed is what is wrong."""
    found = addresses_in(typed)
    if len(found) > 1:
        raise SeveralAddresses(found)
    return found[0] if found else typed.strip()


def option(offer: Offer) -> Block:
    """Build an option: title, price, and what tells equal titles apart."""
    apart = " · ".join(filter(None, (offer.internal_title if offer.internal_title != offer.title else "", offer.id)))
    return {"text": _label(offer.title, worth(offer), apart), "value": offer.key}


@lru_cache(maxsize=4096)  # with every letter typed, up to a hundred of the same offers are shown again
def _label(title: str, price: str, apart: str) -> Block:
    tail = f" · {price} · {cut(apart, 30)}"
    return plain(cut(title, OPTION_TEXT - len(tail)) + tail, OPTION_TEXT)


def carried(view: Mapping[str, Any], **needed: type | UnionType) -> dict[str, Any]:
    """Read what a form carries along; raise `FormOutdated` where it is not what this release gives it."""
    try:
        hidden = json.loads(view.get("private_metadata") or "")
    except (ValueError, RecursionError):
        hidden = None
    if not isinstance(hidden, dict) or not all(_is(hidden.get(name), kind) for name, kind in needed.items()):
        raise FormOutdated
    return hidden


def _is(value: Any, kind: type | UnionType) -> bool:
    """Whether it is of this kind; what is text among it, is an id or a name."""
    if isinstance(value, str) and not (value.isprintable() and len(value) <= NAME_LIMIT):
        return False
    return isinstance(value, kind)


def state_of(view: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return each field's state by its name."""
    values = (view.get("state") or {}).get("values") or {}
    return {block_id: next(iter(actions.values()), {}) for block_id, actions in values.items()}


def field(name: str, label: str, element: Block, **more: Any) -> Block:
    """Build an input whose block and element are named after the field."""
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2000),
        "element": {**element, "action_id": name},
        **more,
    }


def _named(value: str) -> Offer:
    provider, _, offer_id = value.partition(":")
    return Offer(provider=provider, id=offer_id, title="")


def _typed(state: Mapping[str, Mapping[str, Any]], name: str) -> str:
    return str(state.get(name, {}).get("value") or "")


def _selected(state: Mapping[str, Mapping[str, Any]], name: str) -> str | None:
    chosen = state.get(name, {})
    value = (chosen.get("selected_option") or {}).get("value") or chosen.get("selected_conversation")
    return str(value) if value else None


def carry(form: Form) -> str:
    """Return what the form carries along for convenience; nothing of it is believed when the form is sent."""
    draft = form.draft
    carried = {
        "provider": draft.provider,
        "channel": draft.channel if not form.asks_channel else "",
        "parent": draft.parent,
        "edits": draft.edits,
        "shown": draft.shown,
        "creates_contact": draft.creates_contact,
        "asks_channel": form.asks_channel,
        "switchable": form.switchable,
    }
    remarks = [cut(one, REMARK_LIMIT) for one in form.remarks[:REMARKS]]
    while len(written := json.dumps(carried | {"remarks": remarks}, ensure_ascii=False)) > METADATA_LIMIT:
        remarks.pop()
    return written


def remark_blocks(remarks: Sequence[str]) -> list[Block]:
    return [section(f":information_source: {cut(one, REMARK_LIMIT)}") for one in remarks[:REMARKS]]


def provider_field(form: Form) -> list[Block]:
    if len(form.providers) == 1 or form.draft.edits:  # what is asked stays with its provider
        return []
    options = {name: {"text": plain(title, OPTION_TEXT), "value": name} for name, title in form.providers.items()}
    element = {
        "type": "static_select",
        "options": list(options.values()),
        "initial_option": options[form.draft.provider],
    }
    return [field("provider", words.PROVIDER, element, dispatch_action=True)]


def channel_field(form: Form) -> list[Block]:
    if not form.asks_channel:
        return []
    kinds = {"include": ["public", "private"], "exclude_bot_users": True}
    element: Block = {"type": "conversations_select", "filter": kinds}
    if form.draft.channel:
        element["initial_conversation"] = form.draft.channel
    else:
        element["default_to_current_conversation"] = True
    return [field("channel", words.CHANNEL, element)]


def _customer(draft: Draft) -> Block:
    element = TYPED | {"placeholder": plain(words.CUSTOMER_EXAMPLE, 150)} | initial(draft.address)
    return field("customer", words.CUSTOMER, element, dispatch_action=True)


def _name(draft: Draft, title: str) -> list[Block]:
    if not draft.creates_contact:
        return []
    hint = plain(words.name_hint(title), 2000)
    return [field("name", words.NAME, {"type": "plain_text_input"} | initial(draft.name), hint=hint)]


def _offer(draft: Draft) -> Block:
    return offer_field(draft, placeholder=words.OFFER_SEARCH[draft.action])


def offer_field(draft: Draft, *, placeholder: str, dispatches: bool = True) -> Block:
    """Draw the type-ahead; `dispatches`: what is chosen changes what the form shows."""
    element: Block = {"type": "external_select", "min_query_length": 0, "placeholder": plain(placeholder, 150)}
    if draft.offer is not None and draft.offer.title:
        element["initial_option"] = option(draft.offer)
    return field("offer", words.OFFER, element, **{"dispatch_action": True} if dispatches else {})


def _ids(form: Form) -> list[Block]:
    """Ask for ids where the provider's revokes take some."""
    draft = form.draft
    which = (form.ids or {}).get(draft.provider)
    if draft.action is not Action.REVOKE or which is None:
        return []
    element = TYPED | {"placeholder": plain(words.IDS_EXAMPLE, 150)} | initial(draft.ids)
    about: Block = {"hint": plain(which, 2000), "optional": True, "dispatch_action": True}
    return [field("ids", words.IDS, element, **about)]


def _term(draft: Draft) -> list[Block]:
    if draft.action is not Action.GRANT:
        return []
    return terms.fields(draft.term, empty=words.FOR_GOOD)


def welcome_field(draft: Draft, title: str) -> list[Block]:
    if draft.action is not Action.GRANT:
        return []
    box = {"text": plain(words.welcome(title), OPTION_TEXT), "value": "send"}
    element: Block = {"type": "checkboxes", "options": [box]}
    if draft.welcome_email:
        element["initial_options"] = [box]
    return [field("welcome_email", words.MAIL, element, optional=True)]


def reason_field(draft: Draft) -> Block:
    element: Block = {"type": "plain_text_input", "multiline": True}
    hint = plain(words.REASON_HINT, 2000)
    return field("reason", words.REASON, element | initial(draft.reason), hint=hint)


def _switch(form: Form) -> list[Block]:
    if not form.switchable:
        return []
    button = {"type": "button", "action_id": "switch", "text": plain(words.SWITCHES[form.draft.action], 75)}
    return [context(words.NOT_WANTED), {"type": "actions", "block_id": "switch", "elements": [button]}]


def initial(value: str) -> Block:
    shown = strip(value)[:VALUE_LIMIT]
    return {"initial_value": shown} if shown else {}

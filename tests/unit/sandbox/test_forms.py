"""Forms are opened, filled, sent and stacked, over signed HTTP and over Socket Mode."""

from tests.unit.sandbox.blocks import button, field, form, offers, section, text

GRANT = form(
    field("customer", {"type": "email_text_input"}),
    field("offer", {"type": "external_select", "min_query_length": 2}),
    field(
        "welcome_email", {"type": "checkboxes", "options": [{"text": text("Send it"), "value": "yes"}]}, optional=True
    ),
    field("reason", {"type": "plain_text_input", "multiline": True, "max_length": 20}),
)


async def test_a_form_is_opened_filled_and_sent(bot, ada):
    sent = []

    @bot.command("/offer")
    async def open_form(ack, command, client):
        await client.views_open(trigger_id=command["trigger_id"], view=GRANT)
        await ack()

    @bot.options("offer")
    async def suggest(ack, payload):
        await ack(options=offers("Bundle – 99 EUR", "Course") if payload["value"] == "bundle" else [])

    @bot.view("grant")
    async def submitted(ack, view):
        sent.append(view["state"]["values"])
        await ack()

    await ada.types("/offer grant", channel="#support")
    errors = await ada.submits(customer="jane@example.com", offer="bundle", welcome_email=True, reason="refund")

    assert errors == {}
    assert ada.view is None
    assert sent[0]["customer"]["customer"] == {"type": "email_text_input", "value": "jane@example.com"}
    assert sent[0]["offer"]["offer"]["selected_option"]["value"] == "kajabi:0"
    assert [one["value"] for one in sent[0]["welcome_email"]["welcome_email"]["selected_options"]] == ["yes"]


async def test_errors_stand_at_their_fields_until_they_are_corrected(bot, ada):
    @bot.shortcut("request_offer")
    async def open_form(ack, shortcut, client):
        await ack()
        await client.views_open(trigger_id=shortcut["trigger_id"], view=form(*GRANT["blocks"][:1]))

    @bot.view("grant")
    async def submitted(ack, view):
        if view["state"]["values"]["customer"]["customer"]["value"] == "a@b.example":
            await ack(response_action="errors", errors={"customer": "Kajabi does not know this address."})
        else:
            await ack()

    await ada.opens_shortcut("request_offer")
    errors = await ada.submits(customer="a@b.example")

    assert errors == {"customer": "Kajabi does not know this address."}
    await ada.sees("! Kajabi does not know this address.", in_="view")
    assert await ada.submits(customer="c@d.example") == {}


async def test_forms_stack_and_close_one_after_another(bot, ada, workspace):
    closed = []

    @bot.shortcut("request_offer")
    async def open_form(ack, shortcut, client):
        await ack()
        actions = {"type": "actions", "elements": [button("more", "More")]}
        await client.views_open(trigger_id=shortcut["trigger_id"], view=form(section("below"), actions))

    @bot.action("more")
    async def more(ack, body, client):
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=form(section("above"), notify_on_close=True))

    @bot.view_closed("grant")
    async def gone(ack, body):
        closed.append(body["is_cleared"])
        await ack()

    await ada.opens_shortcut("request_offer")
    await ada.presses("More")
    await ada.sees("above", in_="view")
    await ada.closes()

    assert closed == [False]
    await ada.sees("below", in_="view")


async def test_what_was_typed_survives_an_update_where_the_ids_stay(bot, ada):
    @bot.shortcut("request_offer")
    async def open_form(ack, shortcut, client):
        await ack()
        await client.views_open(trigger_id=shortcut["trigger_id"], view=form(kept, lost, pressed))

    @bot.action("change")
    async def change(ack, body, client):
        await ack()
        other = field("other", {"type": "plain_text_input"})
        new = form(section("filled in"), kept, other, pressed)
        await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=new)

    kept, lost = field("reason", {"type": "plain_text_input"}), field("name", {"type": "plain_text_input"})
    pressed = {"type": "actions", "elements": [button("change", "Change")]}
    await ada.opens_shortcut("request_offer")
    await ada.fills(reason="stays", name="goes")
    await ada.presses("change")

    await ada.sees("filled in", in_="view")
    values = ada.view["state"]["values"]
    assert values["reason"]["reason"]["value"] == "stays"
    assert "name" not in values
    assert values["other"]["other"]["value"] is None


async def test_a_refused_submission_is_not_taken(bot, ada):
    @bot.shortcut("request_offer")
    async def open_form(ack, shortcut, client):
        await ack()
        await client.views_open(trigger_id=shortcut["trigger_id"], view=form(section("x")))

    @bot.view("grant")
    async def wrong(ack):
        await ack(response_action="errors", errors={"nowhere": "lost"})

    await ada.opens_shortcut("request_offer")

    assert await ada.submits() == {"": "We had some trouble connecting. Try again?"}
    assert ada.view is not None

"""What is seen of the world behind the page, and what can be made of it."""

import httpx
import pytest

from bot.sandbox.page.days import KAJABI
from bot.sandbox.page.troubles import SLACK


@pytest.fixture
async def ada(window):
    return await window("Ada")


@pytest.fixture
async def api(kajabi):
    """Kajabi as a program with its key sees it."""
    async with httpx.AsyncClient(base_url=kajabi.url, trust_env=False) as http:
        form = {"grant_type": "client_credentials", "client_id": "id", "client_secret": "secret"}
        token = (await http.post("/v1/oauth/token", data=form)).json()["access_token"]
        http.headers.update({"Authorization": f"Bearer {token}", "Content-Type": "application/vnd.api+json"})
        yield http


def grant_of(kajabi, title, address):
    offer = next(one for one in kajabi.books.offers.values() if one.title == title)
    contact = kajabi.contact(address)
    return f"/v1/contacts/{contact.id}/relationships/offers", {"data": [{"type": "offers", "id": offer.id}]}


# --- provider ---------------------------------------------------------------------------------------------------------


async def shown_of(ada, name):
    providers = (await ada.get("/panel/provider"))["providers"]
    return next(one for one in providers if one["name"] == name)


async def contact_shown(ada, address):
    shown = await shown_of(ada, "kajabi")
    return next(one for one in shown["contacts"] if one["email"] == address)


async def test_the_provider_panel_shows_who_holds_what_and_how(ada, kajabi):
    jane, sam = await contact_shown(ada, "jane@example.com"), await contact_shown(ada, "sam@example.com")
    offers = {one["title"]: one for one in (await shown_of(ada, "kajabi"))["offers"]}

    assert [(one["title"], one["how"]) for one in jane["holds"]] == [("Welcome Mini-Course", "granted")]
    assert [(one["title"], one["how"]) for one in sam["holds"]] == [("Bakers’ Circle", "bought (subscription)")]
    assert (offers["Everything Bundle"]["price"], offers["Everything Bundle"]["price_in_cents"]) == (199.0, 19900)
    assert offers["Bakers’ Circle"]["recurring"] is True


async def test_what_the_owner_does_in_kajabi_is_so_at_once(ada, kajabi):
    kids = next(one for one in kajabi.books.offers.values() if one.internal_title == "kids")
    jane = kajabi.contact("jane@example.com")
    both = {"contact_id": jane.id, "offer_id": kids.id}

    assert (await ada.post("/panel/provider", {"do": "grant", **both}))["ok"]
    assert kids.id in kajabi.holds(jane)
    assert (await ada.post("/panel/provider", {"do": "revoke", **both}))["ok"]
    assert kids.id not in kajabi.holds(jane)
    again = await ada.post("/panel/provider", {"do": "revoke", **both})
    assert again == {"ok": False, "error": "Jane Doe does not hold Baking with Kids."}
    await ada.post("/panel/provider", {"do": "archive", "offer_id": kids.id})
    assert kids.archived
    await ada.post("/panel/provider", {"do": "restore", "offer_id": kids.id})
    assert not kids.archived
    await ada.post("/panel/provider", {"do": "price", "offer_id": kids.id, "price_in_cents": 1})
    assert kids.price_in_cents == 1
    await ada.post("/panel/provider", {"do": "add_contact", "email": "new@example.com", "name": "New"})
    assert kajabi.contact("new@example.com").name == "New"
    assert kajabi.calls == []
    assert kajabi.mails == []
    await ada.told_of("provider")


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ({"do": "dance"}, "There is nothing called 'dance' to do in Kajabi."),
        ({"do": "archive", "offer_id": "0"}, "Kajabi has no offer 0."),
        ({"do": "grant", "contact_id": "0", "offer_id": "2001"}, "Kajabi has no contact 0."),
        (
            {"do": "price", "offer_id": "2001", "price_in_cents": -1},
            "“price_in_cents” must be a whole number from 0 on.",
        ),
        (
            {"do": "price", "offer_id": "2001", "price_in_cents": True},
            "“price_in_cents” must be a whole number from 0 on.",
        ),
        ({"do": "add_contact", "email": "nobody"}, "'nobody' is not an address."),
        ({"do": "add_contact", "email": "JANE@example.com"}, "JANE@example.com is there already."),
        ({}, "“do” must be a text."),
    ],
)
async def test_what_cannot_be_done_in_kajabi_is_said_in_a_sentence(ada, what, says):
    assert await ada.post("/panel/provider", what) == {"ok": False, "error": says}


async def test_the_calls_that_came_in_are_shown_with_their_times_and_without_secrets(ada, api, kajabi):
    await api.get("/v1/offers", params={"page[size]": "5"})
    calls = (await shown_of(ada, "kajabi"))["calls"]

    assert [(one["n"], one["method"], one["path"], one["status"]) for one in calls] == [
        (1, "POST", "/v1/oauth/token", 200),
        (2, "GET", "/v1/offers", 200),
    ]
    assert all(one["ms"] >= 0 for one in calls)
    assert calls[0]["body"] == {"grant_type": "client_credentials", "client_id": "id"}
    await ada.told_of("provider")


# --- troubles ---------------------------------------------------------------------------------------------------------


async def switch(ada, system, name, *, on=True, **more):
    answer = await ada.post("/panel/troubles", {"system": system, "name": name, "on": on, **more})
    assert answer["ok"], answer


async def is_on(ada, system, name):
    shown = await ada.get("/panel/troubles")
    return next(one["on"] for one in shown[system] if one["name"] == name)


async def test_every_trouble_is_described_and_off_at_first(ada):
    shown = await ada.get("/panel/troubles")

    assert {one["name"] for one in shown["kajabi"]} == set(KAJABI)
    assert {one["name"] for one in shown["slack"]} >= {*SLACK, "drop_socket", "down"}
    assert all(len(one["describes"]) > 10 and not one["on"] for one in [*shown["kajabi"], *shown["slack"]])


@pytest.mark.parametrize(
    ("trouble", "status", "held"),
    [
        (("refuse", {}), 403, False),
        (("rate_limit", {}), 429, False),
        (("server_error", {}), 500, False),
        (("html", {}), 503, False),
        (("slow", {"seconds": 0.01}), 200, True),
        (("forget", {}), 200, False),
        (("lag", {"seconds": 0.2}), 200, True),
        (("token", {}), 401, False),
        (("timeout_after", {}), None, True),
        (("timeout_before", {}), None, False),
    ],
)
async def test_each_trouble_of_kajabi_does_what_it_says_until_it_is_switched_off(
    ada, api, *, kajabi, trouble, status, held
):
    name, options = trouble
    path, body = grant_of(kajabi, "Baking with Kids", "omar+baking@example.com")
    await switch(ada, "kajabi", name, options=options)
    assert await is_on(ada, "kajabi", name)
    try:
        answered = (await api.post(path, json=body)).status_code
    except httpx.TransportError:
        answered = None

    assert answered == status
    assert (body["data"][0]["id"] in kajabi.holds("omar+baking@example.com")) is held
    await switch(ada, "kajabi", name, on=False)
    assert not await is_on(ada, "kajabi", name)
    assert not kajabi.troubles


async def test_a_change_can_be_both_unanswered_and_late_to_be_seen(ada, api, kajabi):
    path, body = grant_of(kajabi, "Baking with Kids", "omar+baking@example.com")
    await switch(ada, "kajabi", "timeout_after")
    await switch(ada, "kajabi", "lag")
    with pytest.raises(httpx.TransportError):
        await api.post(path, json=body)

    assert kajabi.holds("omar+baking@example.com") == {body["data"][0]["id"]}
    assert (await api.get(path)).json()["data"] == []


async def test_trouble_with_changes_leaves_reading_alone(ada, api):
    await switch(ada, "kajabi", "refuse")

    assert (await api.get("/v1/offers")).status_code == 200


async def test_a_trouble_for_one_call_is_off_after_it(ada, api, kajabi):
    path, body = grant_of(kajabi, "Baking with Kids", "omar+baking@example.com")
    await switch(ada, "kajabi", "refuse", times=1)
    await ada.told_of("troubles")

    assert [(await api.post(path, json=body)).status_code for _ in range(2)] == [403, 200]
    assert not await is_on(ada, "kajabi", "refuse")


@pytest.mark.parametrize(("name", "error"), [("refuse_posts", "internal_error"), ("rate_limit", "ratelimited")])
async def test_slack_refuses_posts_until_it_is_switched_off(ada, client, name, error):
    await switch(ada, "slack", name)
    for _ in range(2):
        with pytest.raises(Exception, match=error):
            await client.chat_postMessage(channel=ada.channel("support")["id"], text="x")
    await switch(ada, "slack", name, on=False)

    assert (await client.chat_postMessage(channel=ada.channel("support")["id"], text="x"))["ok"]


async def test_slack_goes_down_and_comes_back(ada, client):
    await switch(ada, "slack", "down")
    assert await is_on(ada, "slack", "down")
    assert (await ada.act("shortcut", callback_id="request_offer"))["error"] == "Slack is down"
    await switch(ada, "slack", "down", on=False)

    assert (await client.api_test())["ok"]


async def test_the_socket_is_dropped_where_there_is_one(ada, bot, slack):
    answer = await ada.post("/panel/troubles", {"system": "slack", "name": "drop_socket", "on": True})
    if slack.events_url:
        assert answer == {"ok": False, "error": "The bot is reached by HTTP: there is no socket to drop."}
    else:
        assert answer["ok"]
        assert len(slack.delivery.sockets) == 0


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ({"system": "kajabi", "name": "gone", "on": True}, "Kajabi has no trouble 'gone'."),
        ({"system": "slack", "name": "gone", "on": True}, "Slack has no trouble 'gone'."),
        ({"system": "mail", "name": "slow", "on": True}, "There is no system 'mail'."),
        ({"system": "kajabi", "name": "slow", "on": "yes"}, "“on” must be true or false."),
        ({"system": "kajabi", "name": "slow", "on": True, "times": 0}, "“times” must be a whole number from 1 on."),
    ],
)
async def test_a_trouble_that_is_not_there_is_said_in_a_sentence(ada, what, says):
    assert await ada.post("/panel/troubles", what) == {"ok": False, "error": says}


async def test_options_that_a_trouble_does_not_have_are_refused(ada, kajabi):
    what = {"system": "kajabi", "name": "slow", "on": True, "options": {"colour": "red"}}

    assert "colour" in (await ada.post("/panel/troubles", what))["error"]
    assert kajabi.troubles == []


async def test_the_bot_is_stopped_killed_and_started(ada, process):
    running = (await ada.get("/panel/troubles"))["bot"]
    assert (running["running"], running["pid"]) == (True, 4711)
    assert running["started"] > 0
    for deed in ("stop", "start", "kill", "start"):
        assert (await ada.post("/panel/bot", {"do": deed}))["running"] is (deed == "start")

    assert process.said == ["stop", "start", "kill", "start"]
    again = await ada.post("/panel/bot", {"do": "start"})
    assert again == {"ok": False, "error": "The bot runs already."}
    assert (await ada.post("/panel/bot", {"do": "dance"}))["error"] == "The bot cannot dance."


# --- inspector --------------------------------------------------------------------------------------------------------


async def test_the_inspector_shows_what_went_in_and_out(ada, bot, client):
    @bot.command("/offer")
    async def answer(ack, command, client):
        await ack(text="hello")
        await client.chat_postMessage(channel=command["channel_id"], text="said aloud")

    await ada.does("type", channel=ada.channel("support")["id"], text="/offer who jane")
    await ada.until(lambda _: ada.post_with("said aloud"))
    entries = (await ada.get("/panel/inspector?after=0"))["entries"]
    came = next(one for one in entries if one["kind"] == "command")
    made = next(one for one in entries if one["kind"] == "chat.postMessage")

    assert (came["way"], came["person"], came["summary"]) == ("in", "Ada", "/offer who jane")
    assert (came["answer"].get("error"), came["answer"].get("text")) == (None, "hello")
    assert came["ok"]
    assert (made["way"], made["summary"], made["ok"], made["status"]) == ("out", "#support: said aloud", True, 200)
    assert 0 < came["ms"] < 3000
    assert [one["n"] for one in entries] == list(range(1, len(entries) + 1))
    await ada.told_of("inspector")


async def test_the_inspector_shows_only_what_is_new(ada, client):
    await client.auth_test()
    last = (await ada.get("/panel/inspector?after=0"))["entries"][-1]["n"]
    await client.api_test()

    assert [one["kind"] for one in (await ada.get(f"/panel/inspector?after={last}"))["entries"]] == ["api.test"]


async def test_no_secret_is_shown(ada, bot, workspace, client):
    @bot.shortcut("request_offer")
    async def used(ack):
        await ack()

    @bot.command("/offer")
    async def answer(ack, command, client):
        await ack()
        await client.chat_postMessage(
            channel=command["channel_id"], text=f"{command['response_url']} {command['token']}"
        )

    await ada.does("shortcut", callback_id="request_offer")
    await ada.does("type", channel=ada.channel("support")["id"], text="/offer")
    await ada.until(lambda _: ada.post_with("commands"))
    shown = str((await ada.get("/panel/inspector"))["entries"])

    for secret in (workspace.bot_token, workspace.app_token, workspace.signing_secret, workspace.verification_token):
        assert secret not in shown
    assert all(link.rpartition("/")[2] not in shown for link in workspace.reply_links)
    assert "•••" in shown


async def test_a_delivery_that_fails_is_shown_with_its_error(ada):
    await ada.act("shortcut", callback_id="request_offer")
    entry = (await ada.get("/panel/inspector"))["entries"][-1]

    assert (entry["ok"], entry["answer"]) == (False, {"error": "dispatch_failed"})


async def test_where_to_go_on_must_be_a_number(ada):
    async with ada.http.get(f"{ada.origin}/panel/inspector?after=-1") as answer:
        assert answer.status == 400

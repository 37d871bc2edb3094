"""Input that makes no sense: mutated payloads, commands and documents break nothing, and nobody is shown an error."""

import asyncio
import http.client
import json
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.errors import Misunderstood, OfferdeskError, ProviderError
from bot.domain.parsing import Words, parse
from bot.domain.request import Contact, Reading
from bot.ports import OfferQuery, Target
from bot.providers.kajabi import Kajabi, KajabiSettings
from bot.sandbox.delivery import encoded, signed
from bot.sandbox.kajabi import Exchange, LocalKajabi
from bot.sandbox.town import furnish
from tests.contract.provider_worlds import Unpaced
from tests.faults.mutation import TEXTS, inside, mutations, seeded, written
from tests.flow.following import GRANT, all_told, over_http
from tests.flow.steps import opened

#: how many of each
COMMANDS, PAYLOADS, DOCUMENTS = 500, 60, 15
#: what the mutated commands, forms and clicks may be refused by the local Slack for: they are all the same ones
USED = frozenset(
    {"exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id", "used_url", "expired_url", "user_not_found"}
)
PIECES = (
    "/offer", "grant", "revoke", "who", "find", "show", "requests", "why", "help", "because", "for", "30d", "until",
    "jane@example.com", "<mailto:jane@example.com|jane@example.com>", '"everything bundle"', "R-4F7K", "by", "price",
    '"', "“", "'", "<", ">", "|", "@", "mailto:", "\n", "\t", *TEXTS,
)  # fmt: skip


@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=15).map(" ".join),
        st.lists(st.sampled_from(PIECES), max_size=15).map("".join),
    )
)
@seeded(COMMANDS)
@example("grant " + "a@" * 5000)
def understood_or_refused(text):
    try:
        words = parse(text)
        assert isinstance(words, Words)
        words.customer()
    except OfferdeskError as refusal:
        assert not isinstance(refusal, Misunderstood) or len(refusal.words) <= 100  # noqa: PT017 - both are right


def test_whatever_is_typed_is_understood_or_refused(record):
    understood_or_refused()
    record(
        "commands of random text, and of random pieces of true ones",
        "understood, or refused with an example",
        f"{COMMANDS} commands, no exception",
    )


# --- what Slack sends ------------------------------------------------------------------------------------------------


async def everything_sent(desk):
    """One payload of each kind, as Slack really sent it."""
    card, question = await desk.asks(desk.ada, GRANT)
    await desk.ada.types("/offer who jane@example.com", channel="#support")
    await desk.ada.opens_shortcut("request_offer")
    await desk.ada.sees("Send", in_="view")
    await desk.ada.uses_shortcut("request_from_message", card)
    await opened(desk.ada, "/offer grant mia.chen@example.com sourdough because x")
    await desk.ada.suggests("offer", "p")
    assert await desk.ada.submits(reason=" ")
    await desk.grace.presses("deny", question)
    await desk.grace.sees("Why not?", in_="view")
    assert await desk.grace.submits(reason=" ")
    await desk.grace.types("@Offerdesk hello", thread=card)
    await desk.grace.types("ok", thread=card)
    desk.workspace.change_person("Linus", tz="Europe/Paris")
    desk.workspace.change_group("offer-approvers", ["Grace", "Linus", "Olga"])
    await desk.ada.opens_home()
    await desk.ada.presses("Cancel", card)
    await desk.slack.settled()
    await all_told(desk)
    kinds: dict[tuple, dict] = {}
    for delivery in desk.workspace.journal.deliveries:
        payload = delivery.payload
        what = payload.get("event", {}).get("type") if delivery.kind == "event" else payload.get("callback_id")
        view = (payload.get("view") or {}).get("callback_id")
        pressed = [one["action_id"] for one in payload.get("actions", ())]
        kinds.setdefault((delivery.kind, what, view, *pressed), payload)
    return kinds


def post(desk, kind, payload):
    body, content_type = encoded(kind, payload)
    headers = signed(body, secret=desk.workspace.signing_secret, now=desk.clock()) | {"Content-Type": content_type}
    at = urlsplit(desk.slack.events_url)
    connection = http.client.HTTPConnection(at.hostname, at.port, timeout=30)
    try:
        connection.request("POST", at.path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def writable(payload):
    """A command is a form, which has no halves of characters and no structure."""
    return {name: str(value).encode(errors="replace").decode() for name, value in payload.items()}


@over_http
async def test_mutated_payloads_of_every_kind_break_nothing(desk, lines, record):
    kinds = await everything_sent(desk)
    assert len(kinds) >= 12, list(kinds)
    desk.expected_refusals = USED
    told = []

    def taken(name, changed):
        kind = name[0]
        status, said = post(desk, kind, writable(changed) if kind == "command" else changed)
        assert status in {200, 400, 401, 404}, (status, changed)
        told.append(said)

    await mutations(kinds, PAYLOADS, taken)
    await desk.bot.tasks.stop(within=30)

    errors = [json.loads(line) for line in lines().splitlines() if '"level": "error"' in line]
    assert errors == []
    assert [said for said in told if "Traceback" in said or "incident" in said] == []
    assert desk.kajabi.writes == {}
    record(
        "payloads of every kind, each with one to three places changed or gone, well signed, over HTTP",
        "answered, or turned away with a line in the log; no error, no traceback, no decision",
        f"{PAYLOADS} mutations of each kind of payload",
    )


# --- what Kajabi sends -----------------------------------------------------------------------------------------------


@pytest.fixture
async def kajabi():
    async with LocalKajabi() as kajabi:
        furnish(kajabi)
        yield kajabi


@pytest.fixture
async def reader(kajabi):
    settings = KajabiSettings(client_id="id", client_secret="secret", api_url=kajabi.url)
    async with Kajabi(settings, pacer=Unpaced(), clock=kajabi.clock) as reader:
        yield reader


async def asked_everything(kajabi, reader):
    """All that the bot asks of Kajabi; each answer, or each failure, as the port promises it."""
    jane = Contact(provider="kajabi", address="jane@example.com")
    offer = next(iter(kajabi.books.offers))
    results = []
    for work in (
        reader.check(),
        reader.list_offers(OfferQuery(words="bread", by_price=True)),
        reader.offer(offer),
        reader.read([Target(contact=jane, offer_id=offer)]),
    ):
        try:
            results.append(await work)
        except OfferdeskError as error:
            results.append(error)
    return results


async def test_mutated_documents_of_kajabis_are_read_or_refused(kajabi, reader, record):
    loop = asyncio.get_running_loop()
    exchanges: list[Exchange] = []
    kajabi.on_exchange = exchanges.append
    await asked_everything(kajabi, reader)
    kajabi.on_exchange = None
    documents = {urlsplit(one.url).path: json.loads(one.response_body) for one in exchanges}
    assert len(documents) >= 5, list(documents)

    def read(path, changed):
        kajabi.expire_tokens()
        with kajabi.trouble("other", path=path, body=written(changed)):
            *_, found = inside(loop, asked_everything(kajabi, reader))
        assert isinstance(found, OfferdeskError | list)
        for one in found if isinstance(found, list) else ():
            assert isinstance(one, Reading | ProviderError)

    await mutations(documents, DOCUMENTS, read)
    record(
        "documents of Kajabi’s, of every address it is asked, each with one to three places changed or gone",
        "read, or refused as an answer that makes no sense",
        f"{DOCUMENTS} mutations of each document, no exception",
    )

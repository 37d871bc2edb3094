"""Answers that lead elsewhere, never end, or go too deep: no provider follows, waits for, or is broken by them."""

import json
import time
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from bot.domain.errors import ProviderError, Rejected, Unavailable, Unknown
from bot.domain.request import Action, Contact
from bot.ports import OfferQuery
from bot.providers.capillary import Capillary, CapillarySettings
from bot.sandbox.capillary import Kind, LocalCapillary
from tests.contract.provider_worlds import WORLDS, Unpaced, by_address, capillary_world, change, read, write
from tests.unit.providers.wire import says, wire

MD5 = "d41d8cd98f00b204e9800998ecf8427e"
TILL: dict[str, Any] = {"key": "", "secret": "", "till": "till", "password_md5": MD5}
BY_TILL = "capillary, by a till"
EVERY: dict[str, Any] = {**WORLDS, BY_TILL: partial(capillary_world, Kind.DIRECT, proved=True, **TILL)}
FEW = ("kajabi", "capillary, enrol and issue")
#: where lists, failures, and single things stand in documents
NAMES = [("data", "response", "promotions", "programs"), ("errors", "status", "warnings"), ("entity", "data", "meta")]
#: what would be taken for a token, a page of a list, or a success, if somebody asked there
BAIT = json.dumps({"access_token": "evil", "ok": True, "response": [], "data": {"accessToken": "evil"}})
ENDLESS = [("huge", {}, "broken"), ("drip", {"seconds": 0.1}, "timeout")]
#: beyond what is read at all, and valid, but deeper than any document
DEEP = [
    "[" * 100_000,
    "[" * 100_000 + "]" * 100_000,
    '{"data":' * 100_000 + "1" + "}" * 100_000,
    *(json.dumps(dict.fromkeys(names, json.loads("[" * 400 + "]" * 400))) for names in NAMES),
]


@pytest.fixture
def patience():
    """Seconds after which the provider gives a call up: some are never answered."""
    return 0.5


@pytest.fixture(params=FEW)
async def world(request, patience):
    """A provider with its counterpart, which lets tills in as well."""
    async with EVERY[request.param](patience=patience) as world:
        if request.param == BY_TILL:
            world.local.access.tills["till"] = MD5
        yield world


@pytest.fixture
async def elsewhere():
    """Another host, which would be glad to be asked."""
    async with wire(says(BAIT)) as host:
        yield host


def questions(world, jane, offer):
    """All that is ever asked without changing anything."""
    return [
        read(world.provider, jane, offer),
        read(world.provider, by_address(jane), offer),
        world.provider.offer(offer),
        world.provider.list_offers(OfferQuery()),
    ]


async def fails(asked, *errors):
    """Ask, see it fail in one of these ways, and return the failure."""
    with pytest.raises(errors) as caught:
        await asked
    return caught.value


# --- where it leads ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("world", [*FEW, BY_TILL], indirect=True)
@pytest.mark.parametrize("status", [302, 307])
async def test_a_redirect_to_another_host_gets_neither_the_token_nor_a_question(world, jane, elsewhere, status):
    offer = world.offer("Bundle")
    away = {"status": status, "headers": {"Location": f"{elsewhere.url}/v1/contacts"}}
    world.trouble_reading("other", **away)
    for asked in questions(world, jane, offer):
        await fails(asked, Unavailable)
    world.local.calm()
    world.trouble_writing("other", **away)
    for action in (Action.GRANT, Action.REVOKE):
        if action is Action.REVOKE:
            world.give(jane, offer)
        await fails(write(world.provider, change(action, jane, offer)), Unknown)

    assert world.written()
    assert elsewhere.requests == []


@pytest.mark.parametrize("status", [302, 307])
async def test_a_redirect_of_the_purchase_of_a_token_does_not_get_the_secret(world, jane, elsewhere, status):
    offer = world.offer("Bundle")
    away = {"status": status, "headers": {"Location": f"{elsewhere.url}/token"}}
    world.local.trouble("other", method="POST", path="*/oauth/*", **away)
    for asked in (*questions(world, jane, offer), write(world.provider, change(Action.GRANT, jane, offer))):
        await fails(asked, Unavailable)

    assert world.tokens_bought()
    assert world.written() == []
    assert elsewhere.requests == []


class Straying(LocalCapillary):
    """Leads to another host wherever a document or a header has room for it."""

    elsewhere = ""

    def work(self, incoming, *, in_vain=False):
        answer = super().work(incoming, in_vain=in_vain)
        told, there = json.loads(answer.body), f"{self.elsewhere}{incoming.path}"
        ways = dict.fromkeys(("next", "nextPage", "href", "url", "self", "location"), there)
        told |= {"links": ways | {"next": {"href": there}}, "_links": ways, "redirect": there, "next": there}
        told["pageDetails"] = told.get("pageDetails", {}) | ways
        answer.body = json.dumps(told).encode()
        answer.headers |= {"Location": there, "Content-Location": there, "Refresh": f"0; url={there}"}
        answer.headers |= {"Link": f'<{there}>; rel="next"', "Alt-Svc": f'h2="{there.partition("//")[2]}"'}
        return answer


async def test_no_link_of_capillarys_is_followed_wherever_it_stands(elsewhere):
    async with Straying() as local:
        local.elsewhere = elsewhere.url
        program = local.add_program()
        promotions = [local.add_promotion(f"Miles {number:03}", Kind.DIRECT) for number in range(150)]
        jane = local.add_customer("Jane", email="jane@example.com")
        settings = CapillarySettings(api_url=local.url, program_id=program.id, key="key", secret="secret")

        async def receipts(_):
            return {}

        async with Capillary(settings, pacer=Unpaced(), clock=time.time, receipts=receipts, timeout=5) as provider:
            listed = await provider.list_offers(OfferQuery())
            contact = Contact(provider="capillary", address="jane@example.com")
            found = await read(provider, contact, str(promotions[0].id))
            known = replace(contact, id=found.contact.id)
            granted = await write(provider, change(Action.GRANT, known, str(promotions[0].id)))

        assert len(listed) == len(promotions)
        assert granted.startswith("issued ")
        assert local.holds(jane) == {str(promotions[0].id)}
        assert elsewhere.requests == []


# --- what never ends --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("trouble", "options", "code"), ENDLESS)
async def test_an_answer_without_an_end_is_given_up_and_the_next_call_works(world, jane, trouble, options, code):
    offer = world.offer("Bundle")
    world.trouble_reading(trouble, **options)
    assert (await fails(read(world.provider, by_address(jane)), Unavailable)).code == code
    world.local.calm()
    world.trouble_writing(trouble, **options)
    assert (await fails(write(world.provider, change(Action.GRANT, jane, offer)), Unknown)).code == code
    world.local.calm()

    assert (await read(world.provider, jane, offer)).holding(offer) is not None


@pytest.mark.parametrize(("trouble", "options", "code"), ENDLESS)
async def test_a_token_that_never_ends_is_not_waited_for(world, jane, trouble, options, code):
    offer = world.offer("Bundle")
    world.local.trouble(trouble, method="POST", path="*/oauth/*", **options)

    for asked in (read(world.provider, jane), write(world.provider, change(Action.GRANT, jane, offer))):
        assert (await fails(asked, Unavailable)).code == code
    assert world.written() == []


# --- what goes too deep -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 400])
async def test_deep_json_is_a_failure_like_any_other(world, jane, status):
    offer = world.offer("Bundle")
    for body in DEEP:
        deep = {"status": status, "headers": {"Content-Type": "application/json"}, "body": body.encode()}
        world.trouble_reading("other", **deep)
        for asked in questions(world, jane, offer):
            await fails(asked, Unavailable, Rejected)
        world.local.calm()
        world.trouble_writing("other", **deep)
        (answer,) = await world.provider.write([change(Action.GRANT, jane, offer)])
        world.local.calm()

        assert isinstance(answer, str | ProviderError), body[:40]
    assert (await read(world.provider, jane, offer)).holding(offer) is None

"""What the environment says arrives where it is used."""

import time
from types import SimpleNamespace

import pytest

from bot.domain.request import Action, Change, Contact
from bot.ports import Target
from bot.providers.capillary.opening import CapillaryFields, opened
from bot.sandbox.capillary import Kind, LocalCapillary


class Store:
    """Has a free slot for every call, and nothing in its books but what it is given."""

    def __init__(self, *cases):
        self.cases, self.intervals = cases, []

    async def next_slots(self, _, count=1, *, interval, **__):
        self.intervals.append(interval)
        return [0.0] * count

    async def given(self, *_, **__):
        return self.cases


def kept(offer_id, receipt, in_part=""):
    return SimpleNamespace(changes=[SimpleNamespace(offer_id=offer_id, receipt=receipt, in_part=in_part)])


@pytest.fixture
def exchanges():
    return []


@pytest.fixture
async def local(exchanges):
    async with LocalCapillary(on_exchange=exchanges.append) as found:
        found.add_program()
        yield found


def provider(local, store, **told):
    whole = {"capillary_api_url": local.url, "capillary_program_id": next(iter(local.books.programs))}
    login = {"capillary_key": "key", "capillary_secret": "secret"}
    return opened(CapillaryFields(**(whole | login | told)), store, time.time)


def change(action, customer, promotion, **told):
    contact = Contact(provider="capillary", address=f"id:{customer.id}", id=str(customer.id), name="x")
    whole = {"id": 1, "request_id": "R-2222", "action": action, "provider": "capillary"}
    return Change(**whole, contact=contact, offer_id=str(promotion.id), **told)


async def granted(local, store, customers, **told):
    promotion = local.add_promotion("Lounge Pass", Kind.DIRECT, issues=9)
    async with provider(local, store, **told) as opened_provider:
        await opened_provider.write([change(Action.GRANT, one, promotion) for one in customers])
    return local.called("POST", "*/enrolAndEarn")


async def test_the_rate_is_one_of_calls_a_minute(local):
    store = Store()
    await granted(local, store, [local.add_customer("Jane")], capillary_rate=30)

    assert set(store.intervals) == {2.0}


async def test_as_many_customers_as_are_told_go_into_one_call(local):
    calls = await granted(local, Store(), [local.add_customer(f"C{n}") for n in range(5)], capillary_batch=3)

    assert [len(call.body["customers"]) for call in calls] == [3, 2]


async def test_the_source_is_the_one_that_was_told(local):
    jane = local.add_customer("Jane", sources=("WEBSITE",))
    (call,) = await granted(local, Store(), [jane], capillary_source="website")

    assert call.body["customers"][0]["source"] == "WEBSITE"


async def test_the_account_is_the_one_that_was_told(local):
    local.accounts["INSTORE"] = {"A-1"}
    jane = local.add_customer("Jane", email="jane@example.com", account_id="A-1")
    for account, found in (("A-1", True), (None, False)):
        async with provider(local, Store(), capillary_account_id=account) as there:
            target = Target(contact=Contact(provider="capillary", address="jane@example.com"))
            (answer,) = await there.read([target])
            assert (getattr(answer, "contact", None) is not None) is found
    assert jane.account_id == "A-1"


async def test_changes_are_attributed_as_was_told(local, exchanges):
    local.entities.add("front-desk")
    told = {"capillary_attribution_type": "store_code", "capillary_attribution_code": "front-desk"}
    await granted(local, Store(), [local.add_customer("Jane")], **told)
    headers = {name.upper(): value for name, value in exchanges[-1].request_headers.items()}

    assert headers["X-CAP-API-ATTRIBUTION-ENTITY-TYPE"] == "STORE_CODE"
    assert headers["X-CAP-API-ATTRIBUTION-ENTITY-CODE"] == "front-desk"


@pytest.mark.parametrize("proved", [True, False])
async def test_ids_that_reads_show_are_named_only_once_they_are_proved(local, proved):
    promotion, jane = local.add_promotion("Lounge Pass", Kind.DIRECT), local.add_customer("Jane")
    local.issue(jane, promotion)
    async with provider(local, Store(), capillary_issued_ids_proved=proved) as there:
        (answer,) = await there.write([change(Action.REVOKE, jane, promotion)])

    assert isinstance(answer, str) is proved


async def test_receipts_of_another_promotion_name_nothing_of_this_one(local):
    promotion, jane = local.add_promotion("Lounge Pass", Kind.DIRECT), local.add_customer("Jane")
    issue = local.issue(jane, promotion)
    for offer_id, works in ((str(promotion.id + 1), False), (str(promotion.id), True)):
        async with provider(local, Store(kept(offer_id, f"issued {issue.id}"))) as there:
            (answer,) = await there.write([change(Action.REVOKE, jane, promotion)])
        assert isinstance(answer, str) is works

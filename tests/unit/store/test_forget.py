from bot.domain.request import MessageKind, Person
from bot.store import open_archive
from tests.contract.store.world import (
    BUNDLE,
    LEASE,
    NOW,
    approved,
    decided,
    everything_shown,
    finished,
    found,
    opened,
    pending,
    prepared,
)
from tests.contract.store.world import submission as form

ADDRESS = "jane@example.com"
OLGA = Person("T1", "UOLGA")


async def test_a_forgotten_address_is_in_no_file_and_the_chain_still_holds(tmp_path):
    async with opened(tmp_path) as store:
        case = await finished(store, await approved(store, reason=f"{ADDRESS} asked, see JANE@Example.com."))
        await decided(store, await pending(store, "form-2", offer_id="8"), note=f"for {ADDRESS}")
        await everything_shown(store)
        forgotten = await store.forget("Jane@Example.COM", now=NOW)
        now = await found(store, case)

        assert (forgotten.contacts, forgotten.texts, forgotten.requests) == (1, 3, 2)
        assert now.request.reason == "[forgotten] asked, see [forgotten]."
        assert (now.main.contact.address, now.main.contact.name, now.main.contact.id) == ("", "", "c9")
        for file in tmp_path.iterdir():
            assert ADDRESS.encode() not in file.read_bytes().lower()
            assert b"Jane" not in file.read_bytes()
    with open_archive(f"sqlite:///{tmp_path / 'offerdesk.db'}") as archive:
        assert archive.verify().broken is None
        last = list(archive.export())[-1][0]
    assert (last.name, last.data) == ("contact.forgotten", {"contact_refs": [case.main.contact.ref]})


async def test_what_is_on_the_screen_is_shown_again_without_it(tmp_path):
    async with opened(tmp_path) as store:
        await approved(store)
        before = await everything_shown(store)
        await store.forget(ADDRESS, now=NOW)
        again = await everything_shown(store)

    assert {message.key for message in again} == {message.key for message in before}
    assert all(message.shown < message.version for message in again)


async def test_other_addresses_stay(tmp_path):
    async with opened(tmp_path) as store:
        reason = "maryjane@example.com, jane@example.com.au, x.jane@example.com"
        case = await approved(store, address="mary@example.com", reason=reason)
        forgotten = await store.forget(ADDRESS, now=NOW)

        assert (forgotten.contacts, forgotten.texts, forgotten.requests) == (0, 0, 0)
        assert (await found(store, case)).request.reason == reason
        assert len(await store.history(case.request.id)) == 3


async def test_what_is_forgotten_does_not_come_back_with_a_later_step(tmp_path):
    async with opened(tmp_path) as store:
        case = await store.submit(form(), offer=BUNDLE, now=NOW)
        await store.forget(ADDRESS, now=NOW)
        again = await decided(store, await prepared(store, case))  # its preview brings name and address along

        assert again.request.id == case.request.id
        assert (again.main.contact.address, again.main.contact.name, again.main.contact.id) == ("", "", "c9")


async def test_the_same_customer_may_come_again(tmp_path):
    async with opened(tmp_path) as store:
        case = await approved(store)
        await store.forget(ADDRESS, now=NOW)
        again = await approved(store, "form-2")

        assert again.main.contact.address == ADDRESS
        assert again.main.contact.ref != case.main.contact.ref


async def test_an_empty_address_forgets_nobody(tmp_path):
    async with opened(tmp_path) as store:
        case = await approved(store)
        await store.forget(ADDRESS, now=NOW)
        forgotten = await store.forget(" ", now=NOW)

        assert (forgotten.contacts, forgotten.texts, forgotten.requests) == (0, 0, 0)
        assert (await found(store, case)).main.contact.address == ""


async def shown(store):
    """Put on the screen whatever is owed, and every Home."""
    while owed := await store.claim_messages(now=NOW, lease=LEASE, limit=50):
        for one in owed:
            await store.delivered(one.message, channel=one.message.to, ts="1.1", now=NOW)
    for home in await store.claim_homes(now=NOW, lease=LEASE, limit=50):
        await store.home_shown(home, digest="x", oversees=False, now=NOW)


async def kinds_due(store):
    return {
        (one.message.kind, one.message.request_id) for one in await store.claim_messages(now=NOW, lease=LEASE, limit=50)
    }


async def test_the_reason_of_a_pause_is_shown_again_without_it_wherever_it_stands(tmp_path):
    async with opened(tmp_path) as store:
        await store.open_home(Person("T1", "UADA"), blank=True, now=NOW - 90 * 86_400)
        held = await approved(store)
        done = await finished(store, await approved(store, "form-2", address="carol@example.net"))
        await shown(store)
        await store.pause(by=OLGA, why="look at bob@example.net first", now=NOW)
        later = await approved(store, "form-3", address="dave@example.net")
        await shown(store)
        forgotten = await store.forget("bob@example.net", now=NOW)
        again = await kinds_due(store)
        homes = await store.claim_homes(now=NOW, lease=LEASE, limit=5)

    assert (forgotten.contacts, forgotten.texts, forgotten.requests) == (0, 2, 2)
    assert (MessageKind.ALERT, None) in again
    assert {(MessageKind.CARD, held.request.id), (MessageKind.LINE, held.request.id)} <= again
    assert (MessageKind.LINE, later.request.id) in again
    assert {request_id for _, request_id in again} == {None, held.request.id, later.request.id}
    assert done.request.id not in {request_id for _, request_id in again}
    assert [home.person.id for home in homes] == ["UADA"]


async def test_the_reason_of_a_pause_that_is_over_is_shown_again_without_it_as_well(tmp_path):
    async with opened(tmp_path) as store:
        await store.pause(by=OLGA, why="look at bob@example.net first", now=NOW)
        then = await approved(store)
        await shown(store)
        await store.resume(by=OLGA, now=NOW)
        after = await approved(store, "form-2", address="carol@example.net")
        await shown(store)
        await store.forget("bob@example.net", now=NOW)
        again = await kinds_due(store)

    assert {(MessageKind.ALERT, None), (MessageKind.LINE, then.request.id)} <= again
    assert after.request.id not in {request_id for _, request_id in again}


async def test_what_is_forgotten_goes_from_a_home_that_nobody_has_opened_for_long(tmp_path):
    async with opened(tmp_path) as store:
        await store.open_home(Person("T1", "UADA"), blank=True, now=NOW - 90 * 86_400)
        await approved(store)
        await shown(store)
        await store.forget(ADDRESS, now=NOW)

        assert len(await store.claim_homes(now=NOW + 2, lease=LEASE, limit=5)) == 1

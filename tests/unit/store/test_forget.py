from bot.store import open_archive
from tests.contract.store.world import (
    BUNDLE,
    NOW,
    approved,
    decided,
    everything_shown,
    finished,
    found,
    opened,
    pending,
)
from tests.contract.store.world import submission as form

ADDRESS = "jane@example.com"


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
        again = await approved(store)  # the same form: its preview brings the name and the address along

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

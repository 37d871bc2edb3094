import asyncio
from dataclasses import replace

import pytest

from bot.domain import editing, lifecycle
from bot.domain.errors import ContactAmbiguous, Rejected, Unavailable, Unknown
from bot.domain.preview import Preview
from bot.domain.request import Action, Holding, Profile, State, Submission
from tests.unit.core.world import ADA, BUNDLE, JANE, STARTER, TIMING, Raise, a_core

DOWN = Unavailable("kajabi", "no connection")
A_FORM = Submission(
    action=Action.GRANT,
    provider="kajabi",
    requester=ADA,
    channel="CSALES",
    address=JANE.address,
    offer_id=BUNDLE.id,
    reason="refund 4412",
    key="form",
)


async def returned(core, case):
    """Say why a request was given back; empty when it was not."""
    found = await core.again(case)
    assert (found.request.state is State.CANCELLED) == bool(found.request.note)
    return found.request.note


async def test_a_request_is_shown_with_what_the_provider_and_slack_say(core):
    core.booth.holds("8")
    core.town.away["CSALES"] = {"UEVE"}

    case = await core.asked(welcome_email=True)

    request = case.request
    assert (request.state, request.version, request.due) == (State.PENDING, 1, core.clock() + TIMING.reminder)
    assert (case.main.contact.id, case.main.due) == (JANE.id, None)
    assert Preview.from_data(request.preview) == Preview(
        holdings=(Holding(offer_id="8", title="Starter", granted=True),),
        effects=("A welcome mail may go out.",),
        approvers=("UBOB", "UEVE"),
        rule="APPROVERS",
        policy=core.authority.policy.digest,
        asked={},
        outside=("UEVE",),
        remind_at=(request.due,),
    )


async def test_what_a_slow_process_read_before_an_edit_is_not_shown_after_it(core):
    read = await core.asks()
    await core.prepares()
    shown = await core.again(read)
    asked = replace(A_FORM, reason="another")

    def edit(case, contact):
        now = core.clock()
        return editing.edit(case, asked, offer=BUNDLE, contact=contact, by=ADA, shown=1, now=now)

    await core.store.edit(read.request.id, edit, address=JANE.address)
    await core.preparer.prepare(read)
    waiting = await core.again(read)
    await core.prepares()
    anew = await core.again(read)

    assert (shown.request.state, shown.request.version) == (State.PENDING, 1)
    assert (waiting.request.state, waiting.request.version) == (State.PREPARING, 1)
    assert (anew.request.state, anew.request.version, anew.request.reason) == (State.PENDING, 2, "another")


async def test_the_preview_names_other_open_requests_for_the_same_customer_and_offer(core):
    first = await core.asked()

    second = await core.asked(reason="once more")

    assert second.request.preview["rivals"] == [first.request.id]


async def test_the_requester_is_not_asked_directly_about_their_own_request(core):
    core.town.away["CSALES"] = {"UBOB", "UEVE"}

    case = await core.asked(requester=replace(ADA, id="UBOB"))

    assert case.request.preview["outside"] == ["UEVE"]


async def test_the_offer_is_taken_as_it_is_now_without_its_description(core):
    case = await core.asks()
    core.booth.offers["7"] = replace(BUNDLE, price=1, title="Bronze", description="long " * 500)

    await core.prepares()

    offer = (await core.again(case)).request.offer
    assert (offer.price, offer.title, offer.description) == (1, "Bronze", "")


def unknown_customer(core):
    core.booth.contacts.clear()


def held_already(core):
    core.booth.holds("7")


def deleted(core):
    del core.booth.offers["7"]


def closed_channel(core):
    core.town.closed.add("CSALES")


def two_of_them(core):
    core.booth.reads.append(Raise(ContactAmbiguous()))


def refused(core):
    core.booth.reads.append(Rejected("kajabi", "the key may not read contacts"))


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (unknown_customer, "ContactNotFound"),
        (two_of_them, "ContactAmbiguous"),
        (held_already, "AlreadyHeld"),
        (deleted, "OfferGone"),
        (closed_channel, "ChannelUnreachable"),
        (refused, "ProviderRefused"),
    ],
    ids=["nobody", "several people", "already so", "nothing to grant", "no place to show it", "a refusal"],
)
async def test_a_grant_is_given_back_when_there_is(core, happens, why):
    happens(core)

    case = await core.asked()

    assert await returned(core, case) == why
    assert (await core.event(case, "request.returned")).data["problem"] == why
    assert case.request.version == 0


async def test_a_refusal_is_given_back_in_the_providers_words(core):
    refused(core)

    case = await core.asked()

    assert (await core.event(case, "request.returned")).text == "the key may not read contacts"


async def test_an_archived_offer_is_not_granted(core):
    await core.store.remember_offers("kajabi", [BUNDLE, STARTER], now=core.clock(), whole=True)
    await core.store.remember_offers("kajabi", [STARTER], now=core.clock(), whole=True)

    assert await returned(core, await core.asked()) == "OfferGone"


async def test_what_is_not_held_is_not_revoked(core):
    assert await returned(core, await core.asked(action=Action.REVOKE)) == "NotHeld"


async def test_a_contact_is_created_only_where_there_is_none(core):
    assert await returned(core, await core.asked(name="Jane")) == "ContactExists"

    case = await core.asked(address="new@example.com", name="New")
    assert case.request.state is State.PENDING
    assert case.request.preview["creates_contact"] is True


async def test_a_customer_who_was_forgotten_meanwhile_is_not_looked_for(core):
    case = await core.asks()
    await core.store.forget(JANE.address, now=core.clock())

    await core.prepares()

    assert await returned(core, case) == "ContactNotFound"
    assert "read" not in core.booth.calls


@pytest.mark.parametrize(
    ("trouble", "code"),
    [(DOWN, "Unavailable"), (Unknown("kajabi", "no answer"), "Unknown")],
    ids=["unavailable", "unclear"],
)
async def test_a_provider_in_trouble_is_asked_again(core, trouble, code):
    core.booth.reads.append(trouble)
    case = await core.asked()

    assert (case.request.state, case.request.note) == (State.PREPARING, code)
    core.clock.passes(TIMING.shortest)
    await core.prepares()
    assert (await core.again(case)).request.state is State.PENDING


async def test_it_is_asked_again_not_before_the_provider_said(core):
    core.booth.reads.append(Unavailable("kajabi", "too many requests", retry_after=40))

    case = await core.asked()

    assert case.request.due == core.clock() + 40


async def test_when_slack_cannot_say_who_may_decide_it_is_asked_again(core):
    core.town.silent = True
    case = await core.asked()
    assert (case.request.state, case.request.note) == (State.PREPARING, "StandingUnknown")

    core.town.silent = False
    core.clock.passes(TIMING.shortest)
    await core.prepares()

    assert (await core.again(case)).request.state is State.PENDING


async def test_a_provider_that_stays_down_is_waited_for_only_so_long_and_told_once(core):
    core.booth.reads.extend([DOWN] * 99)
    case = await core.asked()
    pauses = []
    while (found := await core.again(case)).request.state is State.PREPARING:
        pauses.append(found.request.due - core.clock())
        core.clock.now = found.request.due
        await core.prepares()

    assert await returned(core, case) == "ProviderDown"
    assert pauses == sorted(pauses)
    assert TIMING.give_up < sum(pauses) <= TIMING.give_up + TIMING.longest
    assert (await core.events(case)).count("request.postponed") == 1


async def test_what_has_gone_on_since_it_was_claimed_is_not_given_back(core):
    core.booth.reads.append(DOWN)
    claimed = await core.asked()
    core.clock.passes(TIMING.give_up + 1)

    async def fails():
        raise DOWN

    step = await core.preparer.step_of(claimed, fails())
    went_on = replace(claimed, request=replace(claimed.request, troubled=None))

    assert step(claimed).case.request.state is State.CANCELLED
    assert step(went_on).case.request.state is State.PREPARING


async def test_a_provider_that_never_answers_takes_no_longer_than_the_lease(tmp_path):
    async with a_core(tmp_path, lease=0.05) as core:

        async def hangs():
            await asyncio.sleep(60)

        core.booth.reads.append(hangs)

        case = await asyncio.wait_for(core.asked(), 5)

        assert (case.request.state, case.request.note) == (State.PREPARING, "NoTurn")
        assert case.request.due == core.clock() + TIMING.shortest


async def test_a_request_taken_back_while_it_was_prepared_stays_taken_back(core):
    async def is_taken_back():
        await core.takes(case, lifecycle.cancel, by=ADA)

    core.booth.reads.append(is_taken_back)
    case = await core.asks()
    await core.prepares()

    assert (await core.again(case)).request.state is State.CANCELLED
    assert "request.prepared" not in await core.events(case)


async def test_who_cannot_take_part_is_not_asked_directly(core):
    core.town.away["CSALES"] = {"UBOB", "UEVE"}
    core.town.profiles["UEVE"] = Profile(person=replace(ADA, id="UEVE"), name="Eve", active=False)

    case = await core.asked()

    assert case.request.preview["outside"] == ["UBOB"]

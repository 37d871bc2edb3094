import pytest

from bot.domain import errors
from bot.domain.parsing import NoTimeLimit
from bot.domain.pause import Pause
from bot.domain.request import Offer, Person, State
from bot.words import refusals
from bot.words.states import STATES

NASTY = "<!channel> \u202e&"
OFFER = Offer(provider="kajabi", id="7", title=NASTY, price=1, currency="USD")


def kinds(root):
    for kind in root.__subclasses__():
        yield kind
        yield from kinds(kind)


LEAVES = sorted(
    (kind for kind in kinds(errors.OfferdeskError) if not kind.__subclasses__()), key=lambda kind: kind.__name__
)
ARGUMENTS = {
    errors.Misunderstood: (NASTY, "/offer help"),
    errors.AddressMalformed: (NASTY,),
    errors.SeveralAddresses: ((NASTY, "b"),),
    errors.OfferNotFound: (NASTY,),
    errors.OfferAmbiguous: (NASTY, [OFFER] * 9),
    errors.SentAlready: (NASTY,),
    errors.ReasonTooLong: (10_000, 1500),
    errors.ReasonUnfit: (NASTY,),
    errors.TooManyDays: (30,),
    errors.IdsMalformed: (NASTY, 50),
    errors.TermMalformed: (NASTY,),
    errors.TermTooLong: (3650,),
    errors.EndTakesMore: (2,),
    errors.ListNotText: (NASTY,),
    errors.ListUseless: (2, NASTY, f"{NASTY}."),
    errors.ListTooLarge: (5_000_000,),
    errors.ListTooLong: (10_000,),
    errors.ListMixed: (10,),
    errors.NotBroughtAbout: (NASTY,),
    errors.TooManyCustomers: (1,),
    errors.RuledOut: (NASTY,),
    errors.NotNamed: (("S0SALES", NASTY),),
    errors.RefusedByRule: (f"{NASTY}.",),
    errors.RequestNotFound: (NASTY,),
    errors.NotApprover: (("U0BOB", NASTY),),
    errors.AlreadyDecided: (State.APPROVED, "U0BOB"),
    errors.AlreadyApproved: (1, ("U0BOB", NASTY)),
    errors.TooFewMayDecide: (3,),
    errors.OlderVersion: (1, 2),
    errors.NotEditable: (State.SUCCEEDED,),
    errors.TooLate: (State.SUCCEEDED,),
    errors.NotAdmin: (("U0OLGA", NASTY),),
    errors.Paused: (Pause(by=Person("T1", "U0OLGA"), at=1.0, why=NASTY),),
    errors.Rejected: ("kajabi", NASTY),
    errors.Unavailable: ("kajabi", NASTY),
    errors.Unknown: ("kajabi", NASTY),
    errors.Withheld: ("kajabi",),
    errors.Undeliverable: (NASTY,),
    errors.NotDelivered: (NASTY,),
    errors.Misconfigured: (NASTY,),
    errors.StoreUnavailable: (NASTY,),
    NoTimeLimit: (NASTY,),
}


@pytest.mark.parametrize("kind", LEAVES)
def test_everything_that_can_be_refused_or_fail_has_its_own_sentence(kind):
    assert kind in refusals.SENTENCES


@pytest.mark.parametrize("kind", LEAVES)
def test_a_sentence_is_whole_and_shows_foreign_text_as_text(kind):
    said = refusals.sentence(kind(*ARGUMENTS.get(kind, ())), provider="Kajabi & <Co>")

    assert said[-1] in ".?:!`"
    assert "<!channel>" not in said
    assert "\u202e" not in said
    assert "{" not in said
    assert "Kajabi & <Co>" not in said


@pytest.mark.parametrize("kind", [kind for kind in LEAVES if issubclass(kind, errors.GivenBack)])
def test_a_request_that_was_given_back_says_why_by_its_code(kind):
    assert refusals.of_code(kind.__name__, provider="Kajabi") == refusals.sentence(kind(), provider="Kajabi")


def test_a_code_that_nobody_knows_is_shown_rather_than_hidden():
    assert refusals.of_code("Strange<code>") == "It ended with “Strange&lt;code&gt;”."


def test_an_error_stands_at_its_field_where_the_form_has_it():
    assert list(refusals.at_fields(errors.AddressMissing(), ["customer", "reason"])) == ["customer"]


def test_an_error_without_a_field_stands_at_the_last_one():
    assert list(refusals.at_fields(errors.NobodyMayDecide(), ["customer", "reason"])) == ["reason"]


def test_a_field_shows_characters_and_not_entities():
    (shown,) = refusals.at_fields(errors.AddressMalformed("<&>"), ["customer"]).values()

    assert "“<&>”" in shown


def test_every_state_has_its_words():
    assert STATES.keys() == set(State)

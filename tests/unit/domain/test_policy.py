import pytest

from bot.domain.errors import (
    BotAccount,
    Deactivated,
    GuestAccount,
    NobodyMayDecide,
    NotApprover,
    OtherWorkspace,
    OwnRequest,
)
from bot.domain.policy import Policy, may_decide, may_read_all, may_request, standing
from bot.domain.request import Person, Profile
from tests.unit.domain.test_lifecycle import pending

POLICY = Policy(approvers=("UGRACE", "SBOSSES"), admins=("UROOT",))
DECIDERS = frozenset({"UGRACE", "ULINUS"})

#: accounts that take no part, whoever they belong to
UNFIT = [
    ({"active": False}, Deactivated),
    ({"guest": True}, GuestAccount),
    ({"bot": True}, BotAccount),
    ({"ours": False}, OtherWorkspace),
]


def profile(name, **told):
    return Profile(person=Person("T1", name), name=name, **told)


def reason(verdict):
    assert verdict.allowed is (verdict.refusal is None)
    assert verdict.rule == "APPROVERS"
    return type(verdict.refusal) if verdict.refusal is not None else None


@pytest.mark.parametrize(
    ("who", "deciders", "refused"),
    [
        pytest.param("UMALLORY", {"UGRACE"}, None, id="anybody may ask when somebody may decide"),
        pytest.param("UGRACE", {"UGRACE", "ULINUS"}, None, id="an approver may ask when there is another one"),
        pytest.param("UGRACE", {"UGRACE"}, NobodyMayDecide, id="the only approver may not ask"),
        pytest.param("UMALLORY", set(), NobodyMayDecide, id="nobody may ask when nobody could decide"),
        pytest.param("UROOT", {"UGRACE"}, None, id="an admin may ask like anybody"),
    ],
)
def test_who_may_request(who, deciders, refused):
    assert reason(may_request(POLICY, profile(who), deciders=frozenset(deciders))) is refused


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        pytest.param("UGRACE", None, id="an approver named by id decides"),
        pytest.param("ULINUS", None, id="a member of an approving group decides"),
        pytest.param("UMALLORY", NotApprover, id="somebody else does not"),
        pytest.param("UROOT", NotApprover, id="an admin reads, and does not decide"),
        pytest.param("UADA", OwnRequest, id="the requester does not"),
    ],
)
def test_who_may_decide(who, refused):
    assert reason(may_decide(POLICY, pending().request, profile(who), deciders=DECIDERS)) is refused


def test_an_approver_never_decides_on_a_request_of_their_own():
    everybody = DECIDERS | {"UADA"}

    assert reason(may_decide(POLICY, pending().request, profile("UADA"), deciders=everybody)) is OwnRequest


def test_the_refusal_names_those_who_may_decide():
    refusal = may_decide(POLICY, pending().request, profile("UMALLORY"), deciders=DECIDERS).refusal

    assert isinstance(refusal, NotApprover)
    assert refusal.approvers == ("UGRACE", "SBOSSES")


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        pytest.param("UGRACE", None, id="an approver reads everything"),
        pytest.param("UROOT", None, id="an admin reads everything"),
        pytest.param("UMALLORY", NotApprover, id="somebody else does not"),
    ],
)
def test_who_may_read_all(who, refused):
    assert reason(may_read_all(POLICY, profile(who), deciders=DECIDERS)) is refused


@pytest.mark.parametrize(("told", "refused"), UNFIT, ids=["switched off", "a guest", "a bot", "of another workspace"])
def test_an_account_takes_no_part_at_all_when_it_is(told, refused):
    approver = profile("UGRACE", **told)

    assert isinstance(standing(approver), refused)
    assert reason(may_request(POLICY, approver, deciders=DECIDERS)) is refused
    assert reason(may_decide(POLICY, pending().request, approver, deciders=DECIDERS)) is refused
    assert reason(may_read_all(POLICY, approver, deciders=DECIDERS)) is refused


def test_a_whole_account_takes_part():
    assert standing(profile("UGRACE")) is None


def test_a_verdict_raises_its_reason():
    may_decide(POLICY, pending().request, profile("UGRACE"), deciders=DECIDERS).demand()

    with pytest.raises(OwnRequest):
        may_decide(POLICY, pending().request, profile("UADA"), deciders=DECIDERS).demand()

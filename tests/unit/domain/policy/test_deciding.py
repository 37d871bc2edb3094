"""Who may ask, look, read, decide."""

import pytest

from bot.domain.errors import (
    BotAccount,
    Deactivated,
    GuestAccount,
    NotAdmin,
    NotApprover,
    NotNamed,
    OtherWorkspace,
    OwnRequest,
    RulesChanged,
)
from bot.domain.policy import (
    Access,
    Terms,
    may_decide,
    may_look,
    may_pause,
    may_read_all,
    may_request,
    of_approvers,
    rule_on,
    standing,
    tally,
    tally_all,
)
from tests.unit.domain.policy.situations import GROUPS, a_policy, a_profile, a_rule, a_situation

POLICY = of_approvers(("UGRACE", "SMONEY"), admins=("UROOT",))
RULING = rule_on(POLICY, a_situation())

#: accounts that take no part, whoever they belong to
UNFIT = [
    ({"active": False}, Deactivated),
    ({"guest": True}, GuestAccount),
    ({"bot": True}, BotAccount),
    ({"ours": False}, OtherWorkspace),
]


def reason(verdict):
    assert verdict.allowed is (verdict.refusal is None)
    assert verdict.rule
    return type(verdict.refusal) if verdict.refusal is not None else None


def decides(who, *, shown=RULING.terms, ruling=RULING, members=GROUPS, requester="UADA"):
    return may_decide(ruling, a_profile(who), requester=requester, members=members, shown=shown)


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        pytest.param("UGRACE", None, id="an approver named by id decides"),
        pytest.param("UOLGA", None, id="a member of an approving group decides"),
        pytest.param("UMALLORY", NotApprover, id="somebody else does not"),
        pytest.param("UROOT", NotApprover, id="an admin reads, and does not decide"),
        pytest.param("UADA", OwnRequest, id="the requester does not"),
    ],
)
def test_who_may_decide(who, refused):
    assert reason(decides(who)) is refused


def test_an_approver_never_decides_on_a_request_of_their_own():
    assert reason(decides("UOLGA", requester="UOLGA")) is OwnRequest


def test_who_has_changed_what_is_asked_counts_as_a_requester():
    verdict = may_decide(RULING, a_profile("UOLGA"), requester="UADA", editors={"UOLGA"}, members=GROUPS)

    assert reason(verdict) is OwnRequest


def test_a_group_that_nobody_looked_up_lets_nobody_decide():
    assert reason(decides("UOLGA", members={})) is NotApprover


def test_the_refusal_names_those_who_may_decide():
    refusal = decides("UMALLORY").refusal

    assert isinstance(refusal, NotApprover)
    assert refusal.approvers == ("UGRACE", "SMONEY")


@pytest.mark.parametrize(
    ("shown", "who", "approves", "denies"),
    [
        pytest.param(("UGRACE",), "UGRACE", None, None, id="named then and now"),
        pytest.param(("ULINUS",), "UGRACE", RulesChanged, None, id="named now, and not then"),
        pytest.param(("UMALLORY",), "UMALLORY", NotApprover, NotApprover, id="named then, and not now"),
        pytest.param(("SMONEY",), "UOLGA", None, None, id="named by a group then and now"),
        pytest.param(("SLEADS",), "UOLGA", RulesChanged, None, id="in another group than the one named then"),
    ],
)
def test_a_change_of_the_policy_never_makes_it_easier_to_approve_what_waits(shown, who, approves, denies):
    assert reason(decides(who, shown=Terms(approvers=shown))) is approves
    assert reason(decides(who, shown=None)) is denies


def test_what_a_rule_refuses_by_now_can_be_denied_and_not_approved():
    refused = rule_on(a_policy(default=a_rule("d", refuse="No."), admins=()), a_situation())

    assert reason(decides("UGRACE", ruling=refused)) is RulesChanged
    assert reason(decides("UGRACE", ruling=refused, shown=None)) is None


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        pytest.param("UGRACE", None, id="an approver reads everything"),
        pytest.param("UROOT", None, id="an admin reads everything"),
        pytest.param("ULINUS", None, id="who is named for it reads everything"),
        pytest.param("UMALLORY", NotApprover, id="somebody else does not"),
    ],
)
def test_who_may_read_all(who, refused):
    policy = a_policy(admins=("UROOT",), default=a_rule("d", approvers=("SMONEY",)), access=Access(read=("SLEADS",)))

    assert reason(may_read_all(policy, a_profile(who), members=GROUPS)) is refused


ASKING = Access(request=("SLEADS",), look_up=("UMALLORY",))


@pytest.mark.parametrize(
    ("who", "access", "asks", "looks"),
    [
        pytest.param("UADA", Access(), None, None, id="everybody, where nobody is named"),
        pytest.param("ULINUS", ASKING, None, None, id="who may ask looks up, too"),
        pytest.param("UMALLORY", ASKING, NotNamed, None, id="who may only look up"),
        pytest.param("UROOT", ASKING, NotNamed, None, id="who decides looks up, and does not ask"),
        pytest.param("UBOSS", ASKING, NotNamed, None, id="an admin looks up, and does not ask"),
        pytest.param("UADA", ASKING, NotNamed, NotNamed, id="who is not named does neither"),
        pytest.param("UADA", Access(request=("SLEADS",)), NotNamed, None, id="everybody looks up, where all may"),
    ],
)
def test_who_may_ask_and_look_up(who, access, asks, looks):
    policy = a_policy(access=access, admins=("UBOSS",))

    assert reason(may_request(policy, a_profile(who), members=GROUPS)) is asks
    assert reason(may_look(policy, a_profile(who), members=GROUPS)) is looks


def test_only_admins_may_pause():
    assert reason(may_pause(POLICY, a_profile("UROOT"))) is None
    assert reason(may_pause(POLICY, a_profile("UGRACE"))) is NotAdmin


@pytest.mark.parametrize(("told", "refused"), UNFIT, ids=["switched off", "a guest", "a bot", "of another workspace"])
def test_an_account_takes_no_part_at_all_when_it_is(told, refused):
    approver = a_profile("UGRACE", **told)

    assert isinstance(standing(approver), refused)
    assert reason(may_request(POLICY, approver, members=GROUPS)) is refused
    assert reason(may_look(POLICY, approver, members=GROUPS)) is refused
    assert reason(may_read_all(POLICY, approver, members=GROUPS)) is refused
    assert reason(may_pause(POLICY, approver)) is refused
    assert reason(may_decide(RULING, approver, requester="UADA", members=GROUPS)) is refused


def test_a_whole_account_takes_part():
    assert standing(a_profile("UGRACE")) is None


def test_a_verdict_raises_its_reason():
    decides("UGRACE").demand()

    with pytest.raises(OwnRequest):
        decides("UADA").demand()


BOTH = Terms(quorum=2, one_from_each=("SLEADS", "SMONEY"))


@pytest.mark.parametrize(
    ("terms", "approvals", "missing"),
    [
        pytest.param(RULING.terms, [], 1, id="nobody yet"),
        pytest.param(RULING.terms, ["UGRACE"], 0, id="one of one"),
        pytest.param(RULING.terms, ["UMALLORY"], 1, id="somebody who is not named"),
        pytest.param(RULING.terms, ["UADA"], 1, id="the requester"),
        pytest.param(Terms(approvers=("SLEADS",), quorum=2), ["UGRACE", "UGRACE"], 1, id="one person twice"),
        pytest.param(Terms(approvers=("SLEADS", "SMONEY"), quorum=2), ["UGRACE"], 1, id="one person of two groups"),
        pytest.param(Terms(approvers=("SLEADS",), quorum=2), ["UGRACE", "ULINUS"], 0, id="two of two"),
        pytest.param(BOTH, ["ULINUS", "UOLGA"], 0, id="one from each group"),
        pytest.param(BOTH, ["UGRACE"], 1, id="one who is in both groups stands for one"),
        pytest.param(BOTH, ["UGRACE", "ULINUS"], 0, id="one who is in both stands for the group that lacks one"),
        pytest.param(BOTH, ["UOLGA", "UGRACE"], 0, id="and for the other one, too"),
        pytest.param(BOTH, ["UOLGA"], 1, id="one group is missing"),
    ],
)
def test_how_many_are_missing(terms, approvals, missing):
    found = tally(terms, approvals, requester="UADA", members=GROUPS)

    assert (found.missing, found.full) == (missing, missing == 0)


@pytest.mark.parametrize(
    ("terms", "approvals", "awaited"),
    [
        pytest.param([RULING.terms], [], RULING.terms.named, id="everybody named, as long as nobody has approved"),
        pytest.param([Terms(approvers=("UGRACE", "UOLGA"), quorum=2)], ["UGRACE"], ("UOLGA",), id="whoever has not"),
        pytest.param(
            [Terms(approvers=("UGRACE", "UADA", "UOLGA"), quorum=2)], [], ("UGRACE", "UOLGA"), id="not who asks"
        ),
        pytest.param([BOTH], ["UOLGA"], ("SLEADS",), id="the group that lacks one"),
        pytest.param([BOTH], ["UGRACE"], ("SLEADS", "SMONEY"), id="both, where who approved could stand for either"),
        pytest.param([BOTH], ["ULINUS", "UOLGA"], (), id="nobody any more"),
        pytest.param([RULING.terms, BOTH], ["UOLGA"], ("SLEADS",), id="by the terms that lack more"),
    ],
)
def test_of_whom_another_approval_would_help(terms, approvals, awaited):
    assert tally_all(terms, approvals, requester="UADA", members=GROUPS).awaited == awaited


def test_what_has_to_be_met_twice_is_full_when_both_are():
    two = Terms(approvers=("SLEADS", "UOLGA"), quorum=2)
    found = tally_all([RULING.terms, two], ["UGRACE"], requester="UADA", members=GROUPS)

    assert (set(found.counted), found.missing) == ({"UGRACE"}, 1)
    assert tally_all([RULING.terms, two], ["UGRACE", "UOLGA"], requester="UADA", members=GROUPS).full
    assert tally_all([RULING.terms, two], ["UGRACE", "ULINUS"], requester="UADA", members=GROUPS) == found

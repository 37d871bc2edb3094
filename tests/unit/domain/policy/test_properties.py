"""What must be true of every policy."""

import itertools
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.policy import (
    Like,
    OneOf,
    Policy,
    Rule,
    Situation,
    Span,
    Terms,
    dead_rules,
    everybody,
    may_decide,
    rule_on,
    tally,
    tally_all,
)
from bot.domain.request import Action, Offer
from tests.unit.domain.policy.situations import a_profile

PEOPLE, GROUPS = ["UADA", "UBOB", "UEVE", "UIDA"], ["SONE", "STWO"]
people, named = st.sampled_from(PEOPLE), st.lists(st.sampled_from(PEOPLE + GROUPS), max_size=4).map(tuple)
members = st.fixed_dictionaries({group: st.frozensets(people) for group in GROUPS})
terms = st.builds(
    Terms,
    approvers=named,
    quorum=st.integers(1, 3),
    one_from_each=st.lists(st.sampled_from(PEOPLE + GROUPS), max_size=2).map(tuple),
    escalate_to=named,
)
conditions = st.one_of(
    st.builds(OneOf, st.just("action"), st.frozensets(st.sampled_from(["grant", "revoke"]), min_size=1)),
    st.builds(OneOf, st.just("requester"), st.frozensets(st.sampled_from(PEOPLE + GROUPS), min_size=1)),
    st.builds(Like, st.lists(st.sampled_from(["*", "G*", "*b*", "Gold", "*Go*l*"]), min_size=1).map(tuple)),
    st.builds(Span, fact=st.just("price"), least=st.integers(0, 9), most=st.integers(0, 9), currency=st.just("USD")),
    st.builds(Span, fact=st.just("customers"), least=st.none() | st.integers(0, 3), most=st.none() | st.integers(1, 3)),
)
effects = {"terms": terms, "refuse": st.sampled_from(["", "", "No."])}
rule_lists = st.lists(
    st.builds(Rule, name=st.just("r"), when=st.lists(conditions, max_size=3).map(tuple), **effects), max_size=4
).map(lambda rules: [replace(rule, name=f"r{number}") for number, rule in enumerate(rules)])
policies = st.builds(
    Policy,
    source=st.just("POLICY_FILE"),
    digest=st.just("d"),
    rules=rule_lists.map(tuple),
    default=st.builds(Rule, name=st.just("default"), **effects),
    managers=st.dictionaries(people, people),
)
offers = st.builds(
    Offer,
    provider=st.just("kajabi"),
    id=st.just("7"),
    title=st.sampled_from(["Gold", "Globe", "Silver"]),
    price=st.none() | st.integers(0, 9),
    currency=st.sampled_from(["USD", "EUR"]),
)
situations = st.builds(
    Situation,
    action=st.sampled_from([Action.GRANT, Action.REVOKE]),
    offer=offers,
    requester=people,
    channel=st.just("C1"),
    reason=st.just("why"),
    at=st.just(0.0),
    groups=st.frozensets(st.sampled_from(GROUPS)),
    customers=st.integers(1, 3),
)


@given(policies, situations)
def test_the_first_rule_whose_conditions_hold_decides(policy, it):
    fitting = [one.name for one in policy.all_rules if all(condition.holds(it) for condition in one.when)]

    assert rule_on(policy, it).rule == fitting[0]


@given(policies, situations)
def test_a_rule_that_is_called_dead_never_decides(policy, it):
    assert rule_on(policy, it).rule not in {rule.name for rule, _ in dead_rules(policy)}


def escalated(ruling):
    return replace(ruling, terms=ruling.terms.escalated)


@given(
    policy=policies,
    it=situations,
    groups=members,
    order=st.permutations(range(4)),
    shown=st.none() | terms,
    editors=st.frozensets(people),
    late=st.booleans(),
)
def test_no_rule_order_overlap_of_groups_or_escalation_lets_one_decide_who_asked_or_edited(
    *, policy, it, groups, order, shown, editors, late
):
    rules = tuple(policy.rules[place] for place in order if place < len(policy.rules))
    ruling = rule_on(replace(policy, rules=rules), it)
    ruling = escalated(ruling) if late else ruling

    for who in {it.requester, *editors}:
        verdict = may_decide(
            ruling, a_profile(who), requester=it.requester, editors=editors, members=groups, shown=shown
        )
        assert not verdict.allowed


@given(terms, st.lists(people), people, members, st.booleans())
def test_a_quorum_counts_different_people_who_are_named_and_never_the_requester(
    wanted, approvals, requester, groups, late
):
    wanted = wanted.escalated if late else wanted
    found = tally(wanted, approvals, requester=requester, members=groups)

    assert found.counted <= set(approvals) & everybody(wanted.named, groups) - {requester}
    assert not found.full or len(found.counted) >= max(wanted.quorum, len(wanted.one_from_each))


@given(terms, st.lists(people), people, members)
def test_one_from_each_is_met_exactly_when_different_people_can_stand_for_all(wanted, approvals, requester, groups):
    wanted = replace(wanted, quorum=1)
    found = tally(wanted, approvals, requester=requester, members=groups)
    sides = [found.counted & everybody((one,), groups) for one in wanted.one_from_each]
    possible = any(len(set(chosen)) == len(sides) for chosen in itertools.product(*sides))

    assert found.full is (bool(found.counted) and possible)


@given(st.lists(terms, min_size=1, max_size=2), st.lists(people), people, members)
def test_several_terms_are_met_by_the_same_different_people_only(several, approvals, requester, groups):
    found = tally_all(several, approvals, requester=requester, members=groups)

    assert found.counted <= set(approvals) - {requester}
    assert all(found.counted <= everybody(one.named, groups) for one in several)
    assert not found.full or len(found.counted) >= max(one.needed for one in several)
    assert found == tally_all(several, [*approvals, *approvals], requester=requester, members=groups)


@given(terms, st.lists(people), people, members, st.randoms())
def test_the_order_of_approvals_does_not_matter_and_clicking_twice_changes_nothing(
    wanted, approvals, requester, groups, random
):
    again = [*approvals, *approvals]
    random.shuffle(again)

    assert tally(wanted, approvals, requester=requester, members=groups) == tally(
        wanted, again, requester=requester, members=groups
    )


@given(
    policy=policies,
    it=situations,
    groups=members,
    more=people,
    place=st.integers(0, 4),
    where=st.sampled_from(["approvers", "escalate_to"]),
    late=st.booleans(),
)
def test_adding_an_approver_never_turns_what_is_allowed_into_something_refused(
    *, policy, it, groups, more, place, where, late
):
    def with_more(rule):
        return replace(rule, terms=replace(rule.terms, **{where: (*getattr(rule.terms, where), more)}))

    rules = tuple(with_more(rule) if at == place else rule for at, rule in enumerate(policy.rules))
    default = with_more(policy.default) if place >= len(policy.rules) else policy.default
    changed = replace(policy, rules=rules, default=default)
    before, after = rule_on(policy, it), rule_on(changed, it)
    if late:
        before, after = escalated(before), escalated(after)

    assert (after.rule, type(after.refusal)) == (before.rule, type(before.refusal))
    for who in PEOPLE:
        profile = a_profile(who)
        allowed = may_decide(before, profile, requester=it.requester, members=groups).allowed
        assert not allowed or may_decide(after, profile, requester=it.requester, members=groups).allowed
    for approvals in ([], PEOPLE[:1], PEOPLE[:2], PEOPLE):
        enough = tally(before.terms, approvals, requester=it.requester, members=groups).full
        assert not enough or tally(after.terms, approvals, requester=it.requester, members=groups).full


@given(policies, situations, members, st.lists(people))
def test_escalation_only_adds_people_who_may_decide(policy, it, groups, approvals):
    ruling = rule_on(policy, it)
    later = escalated(ruling)

    for who in PEOPLE:
        allowed, still = (
            may_decide(one, a_profile(who), requester=it.requester, members=groups).allowed for one in (ruling, later)
        )
        assert still or not allowed
        assert allowed or not still or who in everybody(ruling.terms.escalate_to, groups)
    enough, still = (
        tally(one.terms, approvals, requester=it.requester, members=groups).full for one in (ruling, later)
    )
    assert still or not enough


@given(policies, policies, situations, members, people)
def test_an_approval_needs_what_was_shown_and_what_holds_now(old, new, it, groups, who):
    shown, ruling = rule_on(old, it).terms, rule_on(new, it)
    allowed = may_decide(ruling, a_profile(who), requester=it.requester, members=groups, shown=shown).allowed

    assert not allowed or (who in everybody(shown.named, groups) and who in everybody(ruling.terms.named, groups))
    assert not allowed or ruling.refusal is None

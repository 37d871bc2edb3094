"""Who may request and decide what. Pure functions over plain facts; every verdict carries its rule and its reason."""

from bot.domain.policy.conditions import Condition, Like, OneOf, Recent, Recurring, Situation, Span, reads
from bot.domain.policy.deciding import (
    Members,
    Tally,
    everybody,
    may_decide,
    may_look,
    may_pause,
    may_read_all,
    may_request,
    standing,
    tally,
    tally_all,
)
from bot.domain.policy.nouns import MANAGER, Access, Policy, Rule, Ruling, Terms, Verdict, is_group
from bot.domain.policy.ruling import dead_rules, rule_on
from bot.domain.policy.small import of_approvers

__all__ = [
    "MANAGER",
    "Access",
    "Condition",
    "Like",
    "Members",
    "OneOf",
    "Policy",
    "Recent",
    "Recurring",
    "Rule",
    "Ruling",
    "Situation",
    "Span",
    "Tally",
    "Terms",
    "Verdict",
    "dead_rules",
    "everybody",
    "is_group",
    "may_decide",
    "may_look",
    "may_pause",
    "may_read_all",
    "may_request",
    "of_approvers",
    "reads",
    "rule_on",
    "standing",
    "tally",
    "tally_all",
]

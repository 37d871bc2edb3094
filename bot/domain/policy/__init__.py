"""Who may request and decide what. Pure functions over plain facts; every verdict carries its rule and its reason."""

from bot.domain.policy.allowing import budget_cap, budget_scope, budgets_of, quota_cap, quota_scope
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
from bot.domain.policy.feasibility import Stuck, idle_escalations, stuck_rules
from bot.domain.policy.limits import Account, Automatic, Budget, Cap, Quota, Scope, Used, month_of, zone
from bot.domain.policy.nouns import MANAGER, Access, Policy, Rule, Ruling, Terms, Verdict, is_group
from bot.domain.policy.ruling import dead_rules, rule_on, with_additions
from bot.domain.policy.small import of_approvers

__all__ = [
    "MANAGER",
    "Access",
    "Account",
    "Automatic",
    "Budget",
    "Cap",
    "Condition",
    "Like",
    "Members",
    "OneOf",
    "Policy",
    "Quota",
    "Recent",
    "Recurring",
    "Rule",
    "Ruling",
    "Scope",
    "Situation",
    "Span",
    "Stuck",
    "Tally",
    "Terms",
    "Used",
    "Verdict",
    "budget_cap",
    "budget_scope",
    "budgets_of",
    "dead_rules",
    "everybody",
    "idle_escalations",
    "is_group",
    "may_decide",
    "may_look",
    "may_pause",
    "may_read_all",
    "may_request",
    "month_of",
    "of_approvers",
    "quota_cap",
    "quota_scope",
    "reads",
    "rule_on",
    "standing",
    "stuck_rules",
    "tally",
    "tally_all",
    "with_additions",
    "zone",
]

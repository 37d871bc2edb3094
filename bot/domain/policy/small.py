"""The whole policy of a small team: some people decide on everything."""

import hashlib
from collections.abc import Iterable

from bot.domain.policy.nouns import Policy, Rule, Terms

NAME = "APPROVERS"


def of_approvers(approvers: Iterable[str], *, admins: Iterable[str] = ()) -> Policy:
    """Make the policy that a list of people and user groups stands for."""
    named = tuple(approvers)
    return Policy(
        source=NAME,
        digest=hashlib.sha256(" ".join(named).encode()).hexdigest()[:16],
        default=Rule(name=NAME, terms=Terms(approvers=named)),
        admins=tuple(admins),
    )

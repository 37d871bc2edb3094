"""The parts of a policy: rules, what they lead to, and the policy's answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.domain.errors import NotAllowed, Refusal
from bot.domain.policy.conditions import DAY, Condition, OneOf, Recent, Span
from bot.domain.policy.limits import Account, Automatic, Budget, Quota

#: stands among approvers for whoever the table of managers names for the requester
MANAGER = "manager"


def is_group(slack_id: str) -> bool:
    """Whether the id names a user group (`S…`) rather than a person (`U…`, `W…`)."""
    return slack_id.startswith("S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what a request is decided. They are stored with it as they were shown."""

    #: Slack ids of people and user groups
    approvers: tuple[str, ...] = ()
    #: how many different people have to approve
    quorum: int = 1
    #: of each of these people and groups another one
    one_from_each: tuple[str, ...] = ()
    #: on top of that, of each of these lists another person
    additions: tuple[tuple[str, ...], ...] = ()
    #: seconds until it expires; None: as set for all
    expiry: float | None = None
    #: seconds until the approvers are reminded, each time; empty: once, as set for all
    reminders: tuple[float, ...] = ()
    #: who may decide as well when nobody has decided for so many seconds; None: nobody ever
    escalate_to: tuple[str, ...] = ()
    escalate_after: float | None = None

    @property
    def needed(self) -> int:
        """How many different people it takes at least."""
        return max(self.quorum, len(self.one_from_each)) + len(self.additions)

    @property
    def named(self) -> tuple[str, ...]:
        """All who are named, each once."""
        added = (one for addition in self.additions for one in addition)
        return tuple(dict.fromkeys((*self.approvers, *self.one_from_each, *added)))

    @property
    def escalated(self) -> "Terms":
        """The terms once nobody has decided for too long."""
        return replace(self, approvers=tuple(dict.fromkeys((*self.approvers, *self.escalate_to))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When these conditions hold, this is what follows: a refusal, or the terms of a decision."""

    name: str
    when: tuple[Condition, ...] = ()
    #: the sentence to refuse with
    refuse: str = ""
    #: among its approvers may be `MANAGER`
    terms: Terms = field(default_factory=Terms)
    #: a regular expression that the reason has to contain, and a reason that does
    reason: str = ""
    reason_example: str = ""
    max_days: int | None = None
    max_customers: int | None = None
    #: where the card goes; empty: where it would go without a rule
    channel: str = ""
    #: what the policy approves by itself; what does not fit goes to the approvers
    automatic: Quota | None = None

    def covers(self, other: "Rule") -> bool:
        """Whether it decides all that the other one could."""
        return all(any(mine.covers(one) for one in other.when) for mine in self.when)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may do what that changes nothing. Each is a list of people and user groups."""

    #: who may ask; empty: everybody
    request: tuple[str, ...] = ()
    #: who may look up offers and customers; empty: everybody. Whoever may ask or decide may, too
    look_up: tuple[str, ...] = ()
    #: who may read the requests of others, besides admins and those who may decide
    read: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Who may do what. The first rule whose conditions hold decides, else the default."""

    #: the setting it comes from
    source: str
    #: tells one content from another
    digest: str
    rules: tuple[Rule, ...] = ()
    default: Rule
    admins: tuple[str, ...] = ()
    access: Access = field(default_factory=Access)
    managers: Mapping[str, str] = field(default_factory=dict)
    #: what approvers are warned of, whatever rule decides
    dangers: tuple[Span, ...] = ()
    budgets: tuple[Budget, ...] = ()

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """All rules in the order in which they are tried."""
        return (*self.rules, self.default)

    @property
    def approvers(self) -> tuple[str, ...]:
        """All people and groups who decide anything."""
        named = [one for rule in self.all_rules for one in (*rule.terms.named, *rule.terms.escalate_to)]
        named += [one for budget in self.budgets for one in budget.approvers]
        managers = tuple(self.managers.values()) if MANAGER in named else ()
        return tuple(dict.fromkeys(one for one in (*named, *managers) if one != MANAGER))

    @property
    def groups(self) -> frozenset[str]:
        """All user groups that it names anywhere."""
        access = self.access
        named: Iterable[str] = (*self.approvers, *access.request, *access.look_up, *access.read, *self._requesters)
        return frozenset(filter(is_group, named))

    @property
    def people(self) -> frozenset[str]:
        """All people that it names anywhere."""
        access, managed = self.access, (*self.managers, *self.managers.values())
        named = (*self.approvers, *self.admins, *access.request, *access.look_up, *access.read, *self._requesters)
        return frozenset(one for one in (*named, *managed) if not is_group(one))

    @property
    def offers(self) -> frozenset[str]:
        """All offers that it names, as they are written."""
        return frozenset(one for named in self._named("offer") for one in named.values)

    @property
    def rooms(self) -> Mapping[str, str]:
        """The channel that each rule sends its cards to, of those that do."""
        return {rule.name: rule.channel for rule in self.all_rules if rule.channel}

    @property
    def looks_back(self) -> float:
        """How far back in time its conditions look, in seconds."""
        recent = [one for rule in self.rules for one in rule.when if isinstance(one, Recent)]
        return max((one.within_days * DAY for one in recent), default=0.0)

    @property
    def _requesters(self) -> tuple[str, ...]:
        paid = (one for budget in self.budgets for one in budget.members)
        return (*(one for named in self._named("requester") for one in sorted(named.values)), *paid)

    def _named(self, fact: str) -> list[OneOf]:
        conditions = [one for rule in self.rules for one in rule.when]
        return [one for one in conditions if isinstance(one, OneOf) and one.fact == fact]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Why a rule decides."""

    #: what holds; None: it is the default, which decides where no other one does
    when: tuple[Condition, ...] | None
    #: whether there are others
    others: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The policy's answer: allowed by a rule, or refused."""

    rule: str
    #: why this rule decides; None: it holds for whatever is asked
    grounds: Grounds | None = None
    refusal: NotAllowed | None = None

    @property
    def allowed(self) -> bool:
        """Whether there is nothing against it."""
        return self.refusal is None

    def demand(self) -> None:
        """Raise the refusal, where there is one."""
        if self.refusal is not None:
            raise self.refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What the rule that decides says about one situation."""

    rule: str
    grounds: Grounds
    #: why it cannot be asked for at all
    refusal: Refusal | None = None
    #: what to beware of: `value`, `customers`; or `uncompared`, where a value cannot be told
    dangers: tuple[str, ...] = ()
    #: where the card goes, if the rule says so
    channel: str = ""
    #: whether the policy approves it by itself; None: the rule does not, or nobody has looked what it has approved
    automatic: Automatic | None = None
    #: how the budgets stand that it would be paid from
    accounts: tuple[Account, ...] = ()
    #: on what it is decided; of what cannot be asked for: who may deny or settle what was asked under other rules
    terms: Terms

    def demand(self) -> None:
        """Raise the refusal, where there is one."""
        if self.refusal is not None:
            raise self.refusal

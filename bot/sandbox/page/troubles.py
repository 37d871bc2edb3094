"""The bad days that can be switched on: of Kajabi and of Slack."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from bot.sandbox.kajabi import LocalKajabi
from bot.sandbox.kajabi import Trouble as KajabiTrouble
from bot.sandbox.kajabi.answers import Incoming
from bot.sandbox.model import CannotDo, Json
from bot.sandbox.page.given import Malformed, flag, text, whole
from bot.sandbox.server import LocalSlack
from bot.sandbox.troubles import ALWAYS
from bot.sandbox.troubles import Trouble as SlackTrouble

WRITES = ("POST", "DELETE")


@dataclass(kw_only=True, eq=False)
class OfWrites(KajabiTrouble):
    """Concerns what changes something: grant, revoke, the creation of a contact."""

    def meets(self, call: Incoming) -> bool:
        return call.method in WRITES and call.path.startswith("/v1/contacts") and super().meets(call)


@dataclass(frozen=True)
class KajabiDay:
    """`plays`: the trouble of that name in the local Kajabi."""

    describes: str
    plays: str
    options: Json = field(default_factory=dict)
    writes: bool = True


@dataclass(frozen=True)
class SlackDay:
    """`kind`, `detail`: as in `bot.sandbox.troubles`."""

    describes: str
    methods: tuple[str, ...]
    kind: str
    detail: str = ""


KAJABI: dict[str, KajabiDay] = {
    "slow": KajabiDay("Every answer takes 3 seconds", "slow", {"seconds": 3.0}, writes=False),
    "refuse": KajabiDay("Refuses every change with 403: the API key has lost its permission", "forbidden"),
    "rate_limit": KajabiDay("Answers everything with 429", "rate_limited", {"retry_after": 5}, writes=False),
    "server_error": KajabiDay("Answers everything with 500", "server_error", writes=False),
    "html": KajabiDay("Answers everything with a web page instead of data", "html", {"status": 503}, writes=False),
    "timeout_after": KajabiDay(
        "Makes the change, and the connection breaks before the answer", "timeout_after", {"closed": True}
    ),
    "timeout_before": KajabiDay("The connection breaks before the change is made", "timeout_before", {"closed": True}),
    "silence": KajabiDay("Never answers a change; the bot gives up after its own time-out", "timeout_before"),
    "forget": KajabiDay("Says that the change is made, and does not make it", "forget"),
    "lag": KajabiDay("What is changed can be read only after 40 seconds", "lag", {"seconds": 40.0}),
    "token": KajabiDay("The API token expires in the middle of the work", "expired_token", writes=False),
}
SLACK: dict[str, SlackDay] = {
    "refuse_posts": SlackDay(
        "Refuses every new message with internal_error",
        ("chat.postMessage", "chat.postEphemeral"),
        "refuse",
        "internal_error",
    ),
    "refuse_edits": SlackDay("Refuses every change of a message", ("chat.update",), "refuse", "internal_error"),
    "rate_limit": SlackDay("Answers every new message and every edit with 429", ("chat.*",), "limit", "5"),
    "lose_answers": SlackDay("Posts the message, and the answer is lost", ("chat.postMessage",), "lose"),
    "slow": SlackDay("Every call takes 2 seconds", ("*",), "slow", "2"),
    "views": SlackDay("Refuses to open forms", ("views.open", "views.push"), "refuse", "internal_error"),
}
EDITS = ("chat.postMessage", "chat.update", "chat.postEphemeral", "chat.delete")
DROP_SOCKET, DOWN, TWICE = "drop_socket", "down", "duplicate_events"
MOMENTS = {
    DROP_SOCKET: "Breaks the bot’s connection once; it connects again",
    DOWN: "Slack is down: nothing is answered, nothing is delivered",
    TWICE: "Delivers the next events twice",
}
#: how many events come twice, when nobody says how many
EVENTS_TWICE = 10


class TroublesPanel:
    """Which troubles there are, and which are on."""

    def __init__(self, slack: LocalSlack, kajabi: LocalKajabi) -> None:
        self._slack, self._kajabi = slack, kajabi
        self._of_kajabi: dict[str, KajabiTrouble] = {}
        self._of_slack: dict[str, list[SlackTrouble]] = {}

    def mark(self) -> Hashable:
        on = [name for name in KAJABI if self._is_on_in_kajabi(name)]
        return *on, "/", *(name for name in (*SLACK, *MOMENTS) if self._is_on_in_slack(name))

    def shown(self) -> Json:
        describes = {name: day.describes for name, day in SLACK.items()} | MOMENTS
        return {
            "kajabi": [_row(name, day.describes, on=self._is_on_in_kajabi(name)) for name, day in KAJABI.items()],
            "slack": [_row(name, words, on=self._is_on_in_slack(name)) for name, words in describes.items()],
        }

    def switch(self, given: Json) -> Json:
        """Switch one on or off. Raises `CannotDo` or `Malformed` with the reason."""
        systems: dict[str, Callable[[str, Json], None]] = {"kajabi": self._switch_kajabi, "slack": self._switch_slack}
        system = systems.get(text(given, "system"))
        if system is None:
            raise Malformed(f"There is no system {given['system']!r}.")
        system(text(given, "name"), given)
        self._slack.workspace.changes.tell()
        return {"ok": True} | self.shown()

    # Kajabi

    def _is_on_in_kajabi(self, name: str) -> bool:
        trouble = self._of_kajabi.get(name)
        return trouble is not None and not trouble.over

    def _switch_kajabi(self, name: str, given: Json) -> None:
        day = KAJABI.get(name)
        if day is None:
            raise Malformed(f"Kajabi has no trouble {name!r}.")
        before = self._of_kajabi.pop(name, None)
        if before is not None:
            before.stop()
            if before in self._kajabi.troubles:
                self._kajabi.troubles.remove(before)
        if not flag(given, "on"):
            return
        kind = OfWrites if day.writes else KajabiTrouble
        options = day.options | (given.get("options") or {})
        try:
            trouble = kind(name=day.plays, method=None, path="*", times=_times(given), options=options)
        except TypeError as wrong:
            raise Malformed(f"The trouble {name!r} does not take that: {wrong}.") from None
        # a lag goes on to the next trouble that matches, all others end the search
        place = 0 if day.plays == "lag" else len(self._kajabi.troubles)
        self._kajabi.troubles.insert(place, trouble)
        self._of_kajabi[name] = trouble

    # Slack

    def _is_on_in_slack(self, name: str) -> bool:
        troubles = self._slack.workspace.troubles
        if name == DOWN:
            return troubles.down
        if name == TWICE:
            return troubles.duplicate_events > 0
        return any(one.times > 0 and one in troubles.planned for one in self._of_slack.get(name, ()))

    def _switch_slack(self, name: str, given: Json) -> None:
        on, times = flag(given, "on"), _times(given)
        match name:
            case "drop_socket":
                self._drop_socket(on=on)
            case "down":
                self._slack.go_down() if on else self._slack.come_back()
            case "duplicate_events":
                self._slack.workspace.troubles.duplicate_events = (times or EVENTS_TWICE) if on else 0
            case _ if name in SLACK:
                self._plan(name, given if on else None, times=times)
            case _:
                raise Malformed(f"Slack has no trouble {name!r}.")

    def _plan(self, name: str, given: Json | None, *, times: int | None) -> None:
        planned, day = self._slack.workspace.troubles.planned, SLACK[name]
        for one in self._of_slack.pop(name, ()):
            if one in planned:
                planned.remove(one)
        if given is None:
            return
        detail = str((given.get("options") or {}).get("detail", day.detail))
        methods = EDITS if day.methods == ("chat.*",) else day.methods
        self._of_slack[name] = [SlackTrouble(" ".join(methods), day.kind, detail, times=times or ALWAYS)]
        planned.extend(self._of_slack[name])

    def _drop_socket(self, *, on: bool) -> None:
        if not on:
            return
        if self._slack.events_url:
            raise CannotDo("The bot is reached by HTTP: there is no socket to drop.")
        self._slack.drop_sockets()


def _row(name: str, describes: str, *, on: bool) -> Json:
    return {"name": name, "on": on, "describes": describes}


def _times(given: Json) -> int | None:
    return None if given.get("times") is None else whole(given, "times", least=1)

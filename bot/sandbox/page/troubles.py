"""The bad days that can be switched on: of the providers and of Slack."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

from bot.sandbox.model import CannotDo, Json
from bot.sandbox.page.days import RemoteDays, times
from bot.sandbox.page.given import Malformed, flag, text
from bot.sandbox.server import LocalSlack
from bot.sandbox.troubles import ALWAYS
from bot.sandbox.troubles import Trouble as SlackTrouble


@dataclass(frozen=True)
class SlackDay:
    """`kind`, `detail`: as in `bot.sandbox.troubles`."""

    describes: str
    methods: tuple[str, ...]
    kind: str
    detail: str = ""


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

    def __init__(self, slack: LocalSlack, providers: Mapping[str, RemoteDays]) -> None:
        self._slack, self._providers = slack, providers
        self._of_slack: dict[str, list[SlackTrouble]] = {}

    def mark(self) -> Hashable:
        on = [(system, name) for system, days in self._providers.items() for name in days.on]
        return *on, "/", *(name for name in (*SLACK, *MOMENTS) if self._is_on_in_slack(name))

    def shown(self) -> Json:
        describes = {name: day.describes for name, day in SLACK.items()} | MOMENTS
        of_slack = [
            {"name": name, "on": self._is_on_in_slack(name), "describes": words} for name, words in describes.items()
        ]
        return {system: days.shown() for system, days in self._providers.items()} | {"slack": of_slack}

    def switch(self, given: Json) -> Json:
        """Switch one on or off. Raises `CannotDo` or `Malformed` with the reason."""
        systems: dict[str, Callable[[str, Json], None]] = {
            system: one.switch for system, one in self._providers.items()
        }
        systems["slack"] = self._switch_slack
        system = systems.get(text(given, "system"))
        if system is None:
            raise Malformed(f"There is no system {given['system']!r}.")
        system(text(given, "name"), given)
        self._slack.workspace.changes.tell()
        return {"ok": True} | self.shown()

    def _is_on_in_slack(self, name: str) -> bool:
        troubles = self._slack.workspace.troubles
        if name == DOWN:
            return troubles.down
        if name == TWICE:
            return troubles.duplicate_events > 0
        return any(one.times > 0 and one in troubles.planned for one in self._of_slack.get(name, ()))

    def _switch_slack(self, name: str, given: Json) -> None:
        on, often = flag(given, "on"), times(given)
        match name:
            case "drop_socket":
                self._drop_socket(on=on)
            case "down":
                self._slack.go_down() if on else self._slack.come_back()
            case "duplicate_events":
                self._slack.workspace.troubles.duplicate_events = (often or EVENTS_TWICE) if on else 0
            case _ if name in SLACK:
                self._plan(name, given if on else None, often=often)
            case _:
                raise Malformed(f"Slack has no trouble {name!r}.")

    def _plan(self, name: str, given: Json | None, *, often: int | None) -> None:
        planned, day = self._slack.workspace.troubles.planned, SLACK[name]
        for one in self._of_slack.pop(name, ()):
            if one in planned:
                planned.remove(one)
        if given is None:
            return
        detail = str((given.get("options") or {}).get("detail", day.detail))
        methods = EDITS if day.methods == ("chat.*",) else day.methods
        self._of_slack[name] = [SlackTrouble(" ".join(methods), day.kind, detail, times=often or ALWAYS)]
        planned.extend(self._of_slack[name])

    def _drop_socket(self, *, on: bool) -> None:
        if not on:
            return
        if self._slack.events_url:
            raise CannotDo("The bot is reached by HTTP: there is no socket to drop.")
        self._slack.drop_sockets()

"""What Slack sends when people do something: its own signed words, with forms and messages as the bot draws them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from time import time
from typing import Any

from bot.domain.draft import Draft
from bot.domain.request import Action, Case
from bot.sandbox import payloads
from bot.sandbox.delivery import encoded, signed
from bot.sandbox.model import Post, View
from bot.sandbox.town import SUPPORT, Town
from bot.slack import forms, questions
from bot.words.scene import Scene

TITLES = {"kajabi": "Kajabi"}
#: gives the next so many requests, signed now
Source = Callable[[int], Sequence[bytes]]


@dataclass(slots=True)
class Words:
    """Each method writes the next so many requests."""

    town: Town
    #: requests that wait for a decision; each is approved once
    waiting: Sequence[Case] = ()
    #: what somebody types into the offer field, character by character
    typed: Sequence[str] = ()
    approved: int = 0

    def lists(self, count: int) -> Sequence[bytes]:
        """Ada asks for her own requests."""
        world = self.town.workspace
        member, channel = world.members[self.town.ada.id], world.channels[SUPPORT]
        body = payloads.command(world, member, channel, name="/offer", text="requests")
        return [self._http("command", body)] * count

    def approvals(self, count: int) -> Sequence[bytes]:
        """Grace presses Approve in so many threads."""
        cases = self.waiting[self.approved : self.approved + count]
        assert len(cases) == count, "more clicks than requests that wait"
        self.approved += count
        return [self._approval(case) for case in cases]

    def searches(self, count: int) -> Sequence[bytes]:
        """Ada types into the offer field of a grant."""
        written = {words: self._search(words) for words in self.typed[:count]}
        return list(islice(cycle(written.values()), count))

    def _approval(self, case: Case) -> bytes:
        world = self.town.workspace
        drawn = questions.ask(case, Scene(titles=TITLES), version=case.request.version, direct=False)
        post = Post(SUPPORT, "1700000000.000200", world.bot.id, drawn.text, drawn.blocks, bot_id=world.bot_id)
        row = drawn.blocks[-1]
        member = world.members[self.town.grace.id]
        pressed = payloads.action_in_message(world, member, post, operated=(row, row["elements"][0]))
        return self._http("block_actions", pressed)

    def _search(self, words: str) -> bytes:
        world = self.town.workspace
        member = world.members[self.town.ada.id]
        form = forms.Form(draft=Draft(action=Action.GRANT, provider="kajabi", channel=SUPPORT), providers=TITLES)
        view = View("V0BENCH", member.id, forms.draw(form), "1700000000.abcdef", "V0BENCH")
        block = next(one for one in view.blocks if one.get("block_id") == "offer")
        typed = payloads.suggestion(world, member, view, operated=(block, block["element"]), value=words)
        return self._http("block_suggestion", typed)

    def _http(self, kind: str, payload: dict[str, Any]) -> bytes:
        body, content_type = encoded(kind, payload)
        headers = {
            "Host": "127.0.0.1",
            "Content-Type": content_type,
            "Content-Length": str(len(body)),
            **signed(body, secret=self.town.workspace.signing_secret, now=time()),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"POST /slack/events HTTP/1.1\r\n{lines}\r\n".encode() + body

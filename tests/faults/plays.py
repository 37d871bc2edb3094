"""A story from its beginning to its end, with a bot that is killed once in it, and what is to be found then."""

from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.faults.people import People
from tests.faults.reckoning import disagreements
from tests.faults.stage import stage
from tests.faults.stories import STORIES


@dataclass(frozen=True)
class Told:
    #: where the bot has been, in order
    points: list[str]
    kills: int
    #: messages that stand in Slack beside themselves
    copies: int


async def told(name, *, action, transport, fatal="", history=True):
    """Play a story to its end, and see that all is well; without history scopes a message may stand twice."""
    story = STORIES[name]
    async with played(name, action=action, transport=transport, fatal=fatal, history=history) as here:
        evidence = here.evidence()
        about = f"{name}, {action}, {transport}, killed at {fatal}"
        ends = [one["state"] for one in evidence.requests]
        assert len(ends) == story.requests, f"{about}: {ends}"
        assert set(ends) <= set(story.ends), f"{about}: {ends}"
        copies = 0 if history else set_aside(evidence)
        wrong = [one for one in disagreements(evidence, here.database) if not (story.but and one.endswith(story.but))]
        assert not wrong, f"{about}: {wrong}"
        return Told(here.points(), here.kills, copies)


@asynccontextmanager
async def played(name, *, action, transport, fatal="", history=True):
    """Play a story to its end; the bot is gone then, and all that it left is there."""
    story = STORIES[name]
    kept = {"extra": story.settings, "policy": story.policy, "loyalty": story.loyalty}
    async with stage(transport=transport, fatal=fatal, history=history, **kept) as (here, running):
        await here.accompanies(running, _whole(People(here, action), story))
        here.process.kill()
        here.process.join()
        yield here


def set_aside(evidence):
    """Leave out what the bot cannot know to stand in Slack; return how much that was."""
    known = {one["ts"] for one in evidence.messages}
    unknown = [post for posts in evidence.posts.values() for post in posts if post.ts not in known]
    for posts in evidence.posts.values():
        posts[:] = [post for post in posts if post not in unknown]
    return len(unknown)


async def _whole(people, story):
    await people.stage.ready.wait()
    await story.play(people)
    owed = "select key from message where due is not null"
    await people.until(lambda: not people.stage.rows(owed))

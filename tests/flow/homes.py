"""How a test looks at somebody's Home and touches it, in time and too late."""

from bot.sandbox import client, payloads, sight

NOTHING = "Nothing waits for your decision."
TITLES = ("Waiting for you", "Your requests", "Recent outcomes")


async def home_of(person, words):
    await person.opens_home()
    return await person.sees(words, in_="home")


def part(home, title):
    """What stands below one header of a Home, up to the next one."""
    after = TITLES[TITLES.index(title) + 1 :]
    return home.plain.partition(f"\n{title}\n")[2].partition(f"\n{after[0]}\n" if after else "\n———\n")[0]


def click_on(person, button, *, value=None):
    """The payload of a click as it leaves the screen: what happens until it arrives changes nothing in it."""
    shown = person.member.home
    operated = next(
        one
        for one in sight.buttons(shown, person.member)
        if one[1]["action_id"] == button and value in (None, one[1].get("value"))
    )
    return payloads.action_in_view(person._world, person.member, shown, operated=operated)  # noqa: SLF001 - a slow line between a screen and the bot is no thing that people do


def forged(person, button, value, *, version=1):
    """A click on a button that does not stand on this person's Home."""
    block = {"type": "actions", "block_id": f"decide:{version}:{value}"}
    element = {"type": "button", "action_id": button, "value": value, "text": {"type": "plain_text", "text": button}}
    return payloads.action_in_view(person._world, person.member, person.member.home, operated=(block, element))  # noqa: SLF001 - as above


async def arrives(person, click):
    """A click reaches the bot; the address of the answering window is made when it does."""
    world = person._world  # noqa: SLF001 - as above
    click["trigger_id"] = world.modals.trigger(person.member)
    await client.interact(world, person.member, click)


def published(desk):
    """For whom something was published, in order."""
    return [call.args["user_id"] for call in desk.workspace.journal.called("views.publish")]


async def submits(person, **fields):
    """Send the form that is about to open; return what is refused."""
    await person.sees("Back", in_="view")
    return await person.submits(**fields)


async def until(desk, holds):
    assert await desk.workspace.changes.until(lambda: holds() or None, timeout=10), "it did not come true"

"""What does the form say about what would happen if it were sent?"""

from bot.domain.draft import Draft, Foreseen, is_address
from bot.domain.tokens import addresses_in
from bot.slack.blocks import Block, mrkdwn
from bot.words import foresight
from bot.words.text import SECTION_LIMIT, cut


def foreseen_blocks(draft: Draft, foreseen: Foreseen | None, provider: str) -> list[Block]:
    """Draw the preview, or what it waits for. `provider` is the provider's title."""
    if not _complete(draft):
        return [_small(foresight.HINT)]
    if foreseen is None:
        return [_small(foresight.asked(provider))]
    lines = list(foresight.lines(draft, foreseen, provider))
    if not lines:
        return [_small(foresight.HINT)]
    text = cut("\n".join(lines), SECTION_LIMIT)
    return [
        {"type": "divider", "block_id": "preview_line"},
        {"type": "section", "block_id": "preview", "text": mrkdwn(text)},
    ]


def _complete(draft: Draft) -> bool:
    return is_address(draft.address) or len(addresses_in(draft.address)) == 1


def _small(text: str) -> Block:
    return {"type": "context", "block_id": "preview", "elements": [mrkdwn(text)]}

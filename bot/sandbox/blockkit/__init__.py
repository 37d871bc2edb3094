"""Would Slack take this message or view? Every limit of Block Kit, as tables that a small engine walks.

Read in this order: `shapes` (the engine); `objects`, `elements`, `richtext`, `tables`, `charts` and `blocks`
(the tables, named after the pages of docs.slack.dev/reference/block-kit); `surfaces` (rules between blocks);
`payloads` (messages and views).

Slack also names every schema that did not match on the way down ("failed to match all allowed schemas"); this
names only the places that are wrong. Characters are counted as code points.
"""

from bot.sandbox.blockkit.faults import Fault
from bot.sandbox.blockkit.payloads import check_message, check_view
from bot.sandbox.blockkit.surfaces import Surface, check_blocks

__all__ = ["Fault", "Surface", "check_blocks", "check_message", "check_view"]

"""What is one reply?"""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.errors import OfferdeskError

#: a sentence, in which {provider} is the provider's title, or what makes one out of the error and that title
Reply = str | Callable[[Any, str], str]
Replies = Mapping[type[OfferdeskError], Reply]

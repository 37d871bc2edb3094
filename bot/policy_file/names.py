"""How people, groups and channels are named in the file, and what is too long for it."""

from typing import Annotated

from pydantic import Field

from bot.domain.policy import MANAGER

PERSON, GROUP, CHANNEL = "[UW][A-Z0-9]{2,}", "S[A-Z0-9]{2,}", "[CG][A-Z0-9]{2,}"
#: what a refusal may say, in characters: Slack shows no more of it at a field
SENTENCE = 280
#: ten years, in days
LONGEST = 3650

PersonId = Annotated[str, Field(pattern=f"^{PERSON}$")]
PersonOrGroup = Annotated[str, Field(pattern=f"^({PERSON}|{GROUP})$")]
Approver = Annotated[str, Field(pattern=f"^({PERSON}|{GROUP}|{MANAGER})$")]
ChannelId = Annotated[str, Field(pattern=f"^{CHANNEL}$")]

"""The page in the browser: everything a person does in Slack, and what only an author of the bot wants to see."""

from bot.sandbox.page.site import Page, open_page

__all__ = ["Page", "open_page"]

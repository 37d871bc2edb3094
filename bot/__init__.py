"""Offerdesk: grant and revoke what a company sells, in the open, from Slack."""

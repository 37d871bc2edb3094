"""A local world for the bot: Slack and the providers on loopback, spoken to through their real protocols."""

"""All that people read, in English: from facts to sentences. Pure functions and tables, one module for each subject.

Sentences stand nowhere else, but for those of operators (the command line, settings, the policy file, the store) and
those of a provider, which stand with it, in a `words` of its own (`tests/test_words.py` looks). They know the
domain, and nothing of how Slack lays them out.

Another language is this folder, translated: the same modules and functions, taking the same facts. A bot speaks one
language, for a card is read by everybody in its channel. Whoever calls says which fact, never which word, so nothing
else changes; mypy and the tests that go through all events, states and refusals name what is missing. What people type
is understood in English (`domain.parsing`, `domain.tokens`, `domain.columns`), and so are the words of rules.
"""

"""Which providers are there, and what do they bring?"""

import pytest

from bot.providers import known
from bot.settings import Settings


def test_the_providers_are_the_modules_that_are_some():
    assert list(known()) == ["capillary", "kajabi"]


@pytest.mark.parametrize("name", known())
def test_the_settings_of_a_provider_begin_with_its_name_and_are_settings_of_the_bot(name):
    fields = known()[name].fields.model_fields

    assert fields
    assert all(field.startswith(f"{name}_") for field in fields)
    assert fields.keys() <= Settings.model_fields.keys()


@pytest.mark.parametrize("name", known())
def test_no_method_of_one_providers_settings_could_replace_anothers(name):
    brought = known()[name].fields.__pydantic_decorators__

    assert not brought.field_validators
    assert not brought.model_validators

"""The tables in README.md and SECURITY.md say what the tests of this folder have proved, and nothing else."""

import pytest

from tests.faults.table import CHOSEN, SHORT, Row, Table, escaped, table_of


def test_the_documents_claim_nothing_that_was_not_proved(table, mode, proved_all):
    if not proved_all or mode != "check":
        pytest.skip("Only after all tests of this folder.")
    assert table.unproved() == []


def test_the_readme_has_the_chosen_rows_and_no_others(mode):
    if mode != "check":
        pytest.skip("They are being written.")
    faults = [line.split(" | ")[0].removeprefix("| ") for line in table_of(SHORT).strip().splitlines()[2:]]

    assert faults == [escaped(fault) for fault in CHOSEN]


def test_one_fault_is_not_recorded_with_two_endings():
    table = Table()
    table.add("area", Row("fault", "happened", "counted"))
    table.add("area", Row("fault", "happened", "counted"))

    assert len(table.rows) == 1
    with pytest.raises(AssertionError, match="not alike"):
        table.add("area", Row("fault", "something else happened", "counted"))


def test_text_of_a_row_breaks_no_table():
    assert escaped("a|b <i> *c*") == r"a\|b \<i> \*c\*"

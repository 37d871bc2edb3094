import codecs
import csv
import io
import re
import time
import tracemalloc
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.draft import AddressKind, kind_of_address
from bot.domain.errors import BadInput, ListEmpty, ListNotText, ListTooLarge, ListTooLong
from bot.domain.outcome_file import Outcome, harmless, written
from bot.domain.request import Action
from bot.domain.roster import EXAMPLES, ROWS, Merged, Row, read_file, read_text
from bot.domain.sheet import SIZE
from bot.domain.term import Term
from bot.words.rows import bad as in_words

WHOLE = "E-Mail;Offer;Days;Reason;Action\njané@example.com;Bundle;30;Größe; grant\nbob@example.com;;;;\n"


def customers(text: str) -> list[str]:
    return [row.customer for row in read_text(text).rows]


def only_bad(text: str) -> str:
    (bad,) = read_text(text).bad
    return in_words(bad.why)


# --- encodings and separators ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
def test_every_usual_encoding_is_read(encoding):
    rows = read_file(WHOLE.encode(encoding)).rows

    assert [row.customer for row in rows] == ["jané@example.com", "bob@example.com"]
    assert rows[0].reason == "Größe"


def test_either_byte_order_is_told_by_its_mark():
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        assert read_file(mark + WHOLE.encode(encoding)).rows[0].customer == "jané@example.com"


def test_a_byte_that_windows_does_not_know_is_still_read():
    assert read_file(b"email,reason\njane@example.com,\x81\xe9\n").rows[0].reason == "é"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_usual_separator_and_line_end_is_found(separator, end):
    lines = ["email,offer,reason", 'jane@example.com,Bundle,"a, b; c | d"', "bob@example.com,Course,", ""]
    text = end.join(line.replace(",", separator) if "a, b" not in line else line for line in lines)
    text = text.replace("jane@example.com,Bundle,", f"jane@example.com{separator}Bundle{separator}")
    rows = read_text(text).rows

    assert [(row.customer, row.offer, row.reason) for row in rows] == [
        ("jane@example.com", "Bundle", "a, b; c | d"),
        ("bob@example.com", "Course", ""),
    ]


def test_a_spreadsheets_own_word_about_the_separator_counts_and_is_no_row():
    rows = read_text("sep=|\r\nemail|reason\r\njane@example.com|a;b;c\r\nbob@example.com|d;e;f\r\n").rows

    assert [(row.line, row.customer, row.reason) for row in rows] == [
        (2, "jane@example.com", "a;b;c"),
        (3, "bob@example.com", "d;e;f"),
    ]


def test_empty_rows_and_trailing_empty_columns_are_nothing_but_count_as_rows():
    rows = read_text("email,offer,,,\n,,,,\n\njane@example.com,Bundle,,,\n").rows

    assert [(row.line, row.customer) for row in rows] == [(4, "jane@example.com")]


# --- columns ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    ["email", "E-MAIL", "e_mail address", "Customer", "Mail", " Customer E-mail ", '"Email"', "CONTACT", "MobileNo"],
)
def test_the_customers_column_has_many_names(head):
    assert customers(f"{head};why\njane@example.com;\n") == ["jane@example.com"]


def test_all_that_a_row_may_say_is_read():
    text = (
        "Product,Duration,Why,What,Customer\n"
        "bundle,2 weeks,case 12,revoke,jane@example.com\n"
        "7,2027-01-31,,Give,bob@example.com\n"
    )

    assert read_text(text.replace("What", "Action")).rows == (
        Row(
            line=2,
            customer="jane@example.com",
            action=Action.REVOKE,
            offer="bundle",
            term=Term(days=14),
            reason="case 12",
        ),
        Row(line=3, customer="bob@example.com", action=Action.GRANT, offer="7", term=Term(day=date(2027, 1, 31))),
    )


def test_of_several_columns_that_could_name_customers_the_one_that_does_counts():
    roster = read_text("id,name,contact,user email\n17,Jane,yes,jane@example.com\n18,Bob,no,bob@example.com\n")

    assert [row.customer for row in roster.rows] == ["jane@example.com", "bob@example.com"]
    assert roster.unread == ("id", "name", "contact")


def test_without_names_above_them_only_the_customers_are_read_and_the_rest_is_told():
    roster = read_text("Jane,jane@example.com,revoke\nBob,bob@example.com,revoke\n")

    assert [(row.customer, row.action) for row in roster.rows] == [
        ("jane@example.com", None),
        ("bob@example.com", None),
    ]
    assert roster.unread == ("column 1", "column 3")


def test_a_second_column_of_addresses_names_no_customers():
    roster = read_text("jane@example.com,boss@example.com\nbob@example.com,boss2@example.com\n")

    assert [row.customer for row in roster.rows] == ["jane@example.com", "bob@example.com"]
    assert roster.unread == ("column 2",)


def test_customers_may_be_named_in_other_ways_where_the_provider_takes_them():
    kinds = {AddressKind.EMAIL, AddressKind.MOBILE, AddressKind.ID}
    text = "mobile\n+49 171 1234567\n'+49 (171) 123-4568\nid:306\njane@example.com\next:A-17\n"
    roster = read_text(text, kinds=kinds)

    assert [row.customer for row in roster.rows] == ["+491711234567", "+491711234568", "id:306", "jane@example.com"]
    assert [(bad.line, bad.text) for bad in roster.bad] == [(6, "ext:A-17")]
    assert in_words(roster.bad[0].why) == (
        "This is no e-mail address like jane@example.com and no mobile number like +491701234567 and no id like id:306."
    )


def test_every_way_to_name_a_customer_has_an_example():
    assert [kind_of_address(EXAMPLES[kind]) for kind in AddressKind] == list(AddressKind)


# --- customers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        "jane@example.com",
        "  jane@example.com , ",
        "Jane Doe <jane@example.com>",
        "<jane@example.com>",
        "mailto:jane@example.com",
        "MAILTO:jane@example.com?subject=hi",
        "<mailto:jane@example.com|jane@example.com>",
        "jane@example.com.",
        "\u200bjane@\u00adexample.com\ufeff",
        "\u00a0jane@example.com\u2028",
        "'jane@example.com'",
    ],
)
def test_addresses_are_cleaned_as_the_form_does(cell):
    assert customers(f"email\n{cell}\n") == ["jane@example.com"]


@pytest.mark.parametrize(
    "pasted",
    [
        "jane@example.com\nbob@example.com",
        "jane@example.com, bob@example.com",
        "jane@example.com; bob@example.com;",
        "jane@example.com bob@example.com",
        "Jane <jane@example.com>, Bob Doe <bob@example.com>",
        "<mailto:jane@example.com|jane@example.com>\n<mailto:bob@example.com|bob@example.com>",
        "jane@example.com\tbob@example.com",
    ],
)
def test_a_pasted_list_may_have_any_shape(pasted):
    assert customers(pasted) == ["jane@example.com", "bob@example.com"]


# --- bad rows --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("jane,,,", "no e-mail address like"),
        (",Bundle,,", "No customer"),
        ("a@example.com b@example.com,,,", "Several customers"),
        ("jane@example.com,Bundle,soon,", "time limit"),
        ("jane@example.com,Bundle,0,", "time limit"),
        ("jane@example.com,Bundle,-3,", "time limit"),
        ("jane@example.com,Bundle,31.01.2027,", "time limit"),
        ("jane@example.com,Bundle,99999,", "longer than 3,650 days"),
        ("jane@example.com,Bundle,30,steal", "neither grant nor revoke"),
        ("jane@example.com,Bundle,30,grant,more", "more fields than column names"),
        ("jane@example.com," + "x" * 301 + ",,", "offer has more than 300"),
        ('jane@example.com,"Bundle,30,grant', "never closed"),
        ("jane@example.com," + "x" * 5001 + ",,", "more than 5,000"),
    ],
)
def test_a_bad_row_is_named_with_its_reason_and_the_others_stay(row, why):
    roster = read_text(f"email,offer,days,action\nada@example.com,,,\n{row}\ngrace@example.com,,,\n")

    assert [one.customer for one in roster.rows] == ["ada@example.com", "grace@example.com"]
    assert [bad.line for bad in roster.bad] == [3]
    assert why in in_words(roster.bad[0].why)
    assert roster.bad[0].text == row[: len(roster.bad[0].text) - 1] + roster.bad[0].text[-1]


def test_a_long_reason_is_a_bad_row():
    assert "The reason has more than 1,500" in only_bad(f"email,reason\njane@example.com,{'x' * 1501}\n")


def test_a_quotation_may_have_several_lines():
    roster = read_text('email,reason\njane@example.com,"one\ntwo, ""three"""\nbob@example.com,x\n')

    assert [(row.line, row.reason) for row in roster.rows] == [(2, 'one two, "three"'), (3, "x")]


def test_quotation_marks_inside_a_field_are_taken_as_they_look():
    roster = read_text('email,reason\njane@example.com,6" pipe\nbob@example.com,"a" b\n')

    assert [row.reason for row in roster.rows] == ['6" pipe', "a b"]


@pytest.mark.parametrize("closes", ["end", "end,with more", 'a ""word""", "and, more'])
@pytest.mark.parametrize("inner", ["said a word\n" * 24, "x" * 150_000 + "\n"])
def test_nobody_who_stands_in_a_long_quotation_is_a_customer(inner, closes):
    said = f'jane@example.com,"she wrote:\nbob@example.com\nmallory@example.com\n{inner}{closes}"\n'
    roster = read_text(f"email,note,more\n{said}omar@example.com,fine\n")

    assert [(row.line, row.customer) for row in roster.rows] == [(3, "omar@example.com")]
    assert [(bad.line, in_words(bad.why)) for bad in roster.bad] == [
        (2, "A quotation is too long: shorten it, or close its quotation mark before.")
    ]


def test_a_mark_that_is_never_closed_costs_its_own_row_only():
    others = "".join(f"p{number}@example.com,said\n" for number in range(29)) + 'bob@example.com,"a, b"\n'
    roster = read_text(f'email,note\njane@example.com,"oh\n{others}')

    assert (len(roster.rows), [bad.line for bad in roster.bad]) == (30, [2])
    assert only_bad('email\njane@example.com\n"bob@example.com\n') == (
        "A quotation mark is opened and never closed: close it, or take it out."
    )


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b",,,\n,,\n \n", b"sep=;\n", b"email;offer\n\n"])
def test_an_empty_list_is_refused(content):
    with pytest.raises(ListEmpty):
        read_file(content)


@pytest.mark.parametrize(
    ("content", "kind"), [(b"PK\x03\x04abc", "spreadsheet"), (b"%PDF-1.7", "PDF"), (b"ab\0\0\0\0c", "")]
)
def test_what_is_no_text_is_refused_by_its_kind(content, kind):
    with pytest.raises(ListNotText) as refused:
        read_file(content)

    assert refused.value.kind == kind


def test_too_many_bytes_or_rows_are_refused():
    with pytest.raises(ListTooLarge):
        read_file(b"x" * (SIZE + 1))
    with pytest.raises(ListTooLong):
        read_text("email\n" + "".join(f"p{n}@example.com\n" for n in range(ROWS + 1)))
    with pytest.raises(ListTooLong):
        read_text("".join(f"p{n}@example.com\n" for n in range(ROWS + 1)))
    with pytest.raises(ListTooLong):
        read_text(" ".join(f"p{n}@example.com" for n in range(ROWS + 1)))

    assert len(read_text("email\n" + "".join(f"p{n}@example.com\n" for n in range(ROWS))).rows) == ROWS


# --- repetitions -----------------------------------------------------------------------------------------------------


def test_repetitions_are_merged_and_told():
    roster = read_text(
        "email,offer,reason\njane@example.com,Bundle,\nJANE@Example.com,bundle,case 4\nbob@example.com,,\n"
        "jane@example.com,BUNDLE,\n"
    )

    assert [(row.line, row.reason) for row in roster.rows] == [(2, "case 4"), (4, "")]
    assert roster.merged == (Merged(2, (3, 5)),)


def test_one_customer_may_get_several_offers():
    assert len(read_text("email,offer\njane@example.com,Bundle\njane@example.com,Course\n").rows) == 2


def test_rows_that_contradict_each_other_are_not_merged():
    roster = read_text("email,action\njane@example.com,grant\njane@example.com,revoke\n")

    assert [row.line for row in roster.rows] == [2]
    assert [(bad.line, in_words(bad.why)) for bad in roster.bad] == [
        (3, "Row 2 asks for something else for the same customer and offer.")
    ]


# --- the file that comes back ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("nasty", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1"])  # noqa: RUF001 - wide
def test_no_cell_of_a_result_is_a_formula(nasty):
    content = b"".join(written([Outcome(2, nasty, nasty, nasty, nasty, nasty, nasty)]))
    (_, cells) = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))

    assert content.startswith(codecs.BOM_UTF8)
    assert cells[0] == "2"
    assert all(cell.startswith("'") for cell in cells[1:])


@pytest.mark.parametrize("nasty", ["x;=1+1", "x;;@A1", "x| +1", "x\t-1", 'x;"=1"', "x\r\n=1", "x;＝1"])  # noqa: RUF001
def test_no_part_of_a_cell_is_a_formula_where_a_spreadsheet_cuts_elsewhere(nasty):
    raw = b"".join(written([Outcome(2, nasty, nasty, "failed", nasty, "", nasty)])).decode("utf-8-sig")

    for piece in re.split(r"[;|\t\r\n,]", raw.partition("\r\n")[2]):
        assert not piece.strip(' "').startswith(tuple("=+-@＝"))  # noqa: RUF001 - as above
    assert read_text(f'email,reason\njane@example.com,"{harmless("x;=1|@b")}"\n').rows[0].reason == "x;=1|@b"


def test_a_result_file_is_a_list_again():
    outcomes = [
        Outcome(2, "jane@example.com", 'Bundle "all, in"', "failed", "refused", "30", "=why"),
        Outcome(3, "+tag@example.com", "7", "done", "verified", "2031-05-01"),
    ]
    rows = read_file(b"".join(written(outcomes))).rows

    assert [(row.customer, row.offer, row.term, row.reason) for row in rows] == [
        ("jane@example.com", 'Bundle "all, in"', Term(days=30), "=why"),
        ("+tag@example.com", "7", Term(day=date(2031, 5, 1)), ""),
    ]


def test_a_result_file_is_written_as_it_goes():
    def many():
        for number in range(20_000):
            yield Outcome(number, f"p{number}@example.com", "Bundle", "done", "verified")

    tracemalloc.start()
    size = sum(map(len, written(many())))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size > 900_000
    assert peak < 600_000


# --- anything --------------------------------------------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400) | st.text(alphabet='a@.x,;\t|"\n\r =\0\ufeffé', max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(content):
    try:
        roster = read_file(content)
    except BadInput:
        return
    numbered = [row.line for row in roster.rows] + [bad.line for bad in roster.bad]
    assert all(number >= 1 for number in numbered)
    assert all(in_words(bad.why).endswith(".") and len(bad.text) <= 200 for bad in roster.bad)


WORDS = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs")), min_size=1, max_size=12
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 3650), WORDS, WORDS), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_a_spreadsheet_writes_is_read_back(rows, separator, end, encoding):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=end)
    writer.writerow(["Email", "Days", "Offer", "Reason"])
    for number, (days, offer, reason) in enumerate(rows):
        writer.writerow([f"p{number}@example.com", days, harmless(offer), harmless(reason)])
    read = read_file(out.getvalue().encode(encoding)).rows

    told = [
        (f"p{number}@example.com", Term(days=days), offer, reason) for number, (days, offer, reason) in enumerate(rows)
    ]
    assert [(row.customer, row.term, row.offer, row.reason) for row in read] == told


@pytest.mark.parametrize(
    "content",
    [
        b"a," * 2_490_000,
        b"@ " * 2_490_000,
        (b"a," * 1_240_000 + b"\n") * 2,
        (b"a," * 12_400 + b"\n") * 200,
        (b"a," * 9_900 + b"\n") * 250,
        (b"a@b.cc," * 9_900 + b"x\n") * 70,
        b"email,reason\n" + (b"@ " * 2_400 + b",x\n") * 1_000,
        b"name,note\n" + (b"a@b.cc " * 700 + b",x\n") * 1_000,
        b'"' + (b"a,b\n") * 9_000 + b'"x',
    ],
    ids=range(9),
)
def test_no_file_keeps_others_waiting_for_long(content):
    began = time.thread_time()
    with suppress(ListTooLong, ListTooLarge):
        read_file(content)

    assert time.thread_time() - began < 8


def bare_csv(text: str) -> float:
    started = time.perf_counter()
    for _ in range(5):
        assert len(list(csv.reader(io.StringIO(text, newline="")))) == ROWS + 1
    return (time.perf_counter() - started) / 5


def test_ten_thousand_rows_are_read_in_bounded_time_and_memory(record_property):
    text = "email,offer,days,reason\n" + "".join(
        f'"p{number}@example.com",Bundle,30,"refund, case {number}"\n' for number in range(ROWS)
    )
    floor = min(bare_csv(text) for _ in range(3))
    started = time.perf_counter()
    roster = read_file(text.encode())
    took = time.perf_counter() - started
    tracemalloc.start()
    read_file(text.encode())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    record_property("times the csv module", round(took / floor, 1))
    record_property("times the text in memory", round(peak / len(text), 1))
    assert len(roster.rows) == ROWS
    assert took < 200 * floor + 0.5
    assert peak < 30 * len(text)

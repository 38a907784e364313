"""DMN 1.5, 10.3.1.2 rules 35 and 65: string literals and their escapes."""

import pytest

from .feel import cases, same, value_of

ESCAPES_NAME_CHARACTERS_BY_LETTER_OR_CODE_POINT = r"""
"\u0041" => "A"
"\u00e9\u1ED1" => "éố"
"\U01F40E" => "🐎"
"\uD83D\uDC0E" => "🐎"
"\n\t\r" => "\n\t\r"
"\"\'\\" => "\"'\\"
"a'b" => "a'b"
string length("\\u0041") => 6
string length("\U01F40E") => 1
string length("🐎ab") => 3
"\x" => "\\x"
"\u12" => "\\u12"
"""


@pytest.mark.parametrize(("text", "wanted"), cases(ESCAPES_NAME_CHARACTERS_BY_LETTER_OR_CODE_POINT))
def test_escapes_name_characters_by_letter_or_code_point(text, wanted):
    assert same(value_of(text), value_of(wanted))


TEXT_IS_UNICODE_AND_KEEPS_ITS_FORM = r"""
"tiếng Việt" => "tiếng Việt"
"é" = "é" => true
string length("é") => 1
"" = "" => true
"a" + "" + "b" => "ab"
"""


@pytest.mark.parametrize(("text", "wanted"), cases(TEXT_IS_UNICODE_AND_KEEPS_ITS_FORM))
def test_text_is_unicode_and_keeps_its_form(text, wanted):
    assert same(value_of(text), value_of(wanted))

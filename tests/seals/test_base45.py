import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.seals import base45
from motcua.seals.base45 import ALPHABET, NotBase45


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", ""),
        (b"AB", "BB8"),
        (b"Hello!!", "%69 VD92EX0"),
        (b"base-45", "UJCLQE7W581"),
        (b"ietf!", "QED8WEX0"),
    ],
)
def test_examples_of_the_standard(content: bytes, text: str) -> None:
    assert base45.encode(content) == text
    assert base45.decode(text) == content


@given(st.binary(max_size=300))
def test_what_is_encoded_comes_back(content: bytes) -> None:
    assert base45.decode(base45.encode(content)) == content


@given(st.text(alphabet=ALPHABET, max_size=40))
def test_an_accepted_text_is_the_only_text_of_its_bytes(text: str) -> None:
    try:
        content = base45.decode(text)
    except NotBase45:
        return

    assert base45.encode(content) == text


@pytest.mark.parametrize("text", ["bb8", "BB8A", "GGW", ":::", "::", "B8ạ", "BB8\n", "B_8"])
def test_other_spellings_are_refused(text: str) -> None:
    with pytest.raises(NotBase45):
        base45.decode(text)

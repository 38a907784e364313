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


def test_every_pair_is_written_as_the_standard_divides_it() -> None:
    content = b"".join(pair.to_bytes(2, "big") for pair in range(1 << 16))

    text = base45.encode(content)

    for pair in range(1 << 16):
        high, rest = divmod(pair, 45 * 45)
        assert text[3 * pair : 3 * pair + 3] == ALPHABET[rest % 45] + ALPHABET[rest // 45] + ALPHABET[high]


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

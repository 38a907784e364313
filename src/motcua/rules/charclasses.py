"""Character classes of XML Schema regular expressions: escapes, categories and blocks."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

CharTest = Callable[[str], bool]

_CATEGORIES = frozenset(
    "L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po Z Zs Zl Zp S Sm Sc Sk So "
    "C Cc Cf Co Cn".split()
)
# Blocks are named without spaces, as XML Schema names them; these cover what texts here hold.
_BLOCKS = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "IPAExtensions": (0x0250, 0x02AF),
    "SpacingModifierLetters": (0x02B0, 0x02FF),
    "CombiningDiacriticalMarks": (0x0300, 0x036F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "CyrillicSupplement": (0x0500, 0x052F),
    "Armenian": (0x0530, 0x058F),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Syriac": (0x0700, 0x074F),
    "Thaana": (0x0780, 0x07BF),
    "Devanagari": (0x0900, 0x097F),
    "Bengali": (0x0980, 0x09FF),
    "Gurmukhi": (0x0A00, 0x0A7F),
    "Gujarati": (0x0A80, 0x0AFF),
    "Oriya": (0x0B00, 0x0B7F),
    "Tamil": (0x0B80, 0x0BFF),
    "Telugu": (0x0C00, 0x0C7F),
    "Kannada": (0x0C80, 0x0CFF),
    "Malayalam": (0x0D00, 0x0D7F),
    "Sinhala": (0x0D80, 0x0DFF),
    "Thai": (0x0E00, 0x0E7F),
    "Lao": (0x0E80, 0x0EFF),
    "Tibetan": (0x0F00, 0x0FFF),
    "Myanmar": (0x1000, 0x109F),
    "Georgian": (0x10A0, 0x10FF),
    "HangulJamo": (0x1100, 0x11FF),
    "Ethiopic": (0x1200, 0x137F),
    "Cherokee": (0x13A0, 0x13FF),
    "Khmer": (0x1780, 0x17FF),
    "Mongolian": (0x1800, 0x18AF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "SuperscriptsandSubscripts": (0x2070, 0x209F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "CombiningMarksforSymbols": (0x20D0, 0x20FF),
    "LetterlikeSymbols": (0x2100, 0x214F),
    "NumberForms": (0x2150, 0x218F),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "MiscellaneousTechnical": (0x2300, 0x23FF),
    "ControlPictures": (0x2400, 0x243F),
    "OpticalCharacterRecognition": (0x2440, 0x245F),
    "EnclosedAlphanumerics": (0x2460, 0x24FF),
    "BoxDrawing": (0x2500, 0x257F),
    "BlockElements": (0x2580, 0x259F),
    "GeometricShapes": (0x25A0, 0x25FF),
    "MiscellaneousSymbols": (0x2600, 0x26FF),
    "Dingbats": (0x2700, 0x27BF),
    "BraillePatterns": (0x2800, 0x28FF),
    "CJKRadicalsSupplement": (0x2E80, 0x2EFF),
    "KangxiRadicals": (0x2F00, 0x2FDF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "Bopomofo": (0x3100, 0x312F),
    "HangulCompatibilityJamo": (0x3130, 0x318F),
    "CJKCompatibility": (0x3300, 0x33FF),
    "CJKUnifiedIdeographsExtensionA": (0x3400, 0x4DBF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "YiSyllables": (0xA000, 0xA48F),
    "HangulSyllables": (0xAC00, 0xD7AF),
    "PrivateUse": (0xE000, 0xF8FF),
    "CJKCompatibilityIdeographs": (0xF900, 0xFAFF),
    "AlphabeticPresentationForms": (0xFB00, 0xFB4F),
    "ArabicPresentationForms-A": (0xFB50, 0xFDFF),
    "CombiningHalfMarks": (0xFE20, 0xFE2F),
    "CJKCompatibilityForms": (0xFE30, 0xFE4F),
    "SmallFormVariants": (0xFE50, 0xFE6F),
    "ArabicPresentationForms-B": (0xFE70, 0xFEFF),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
    "Specials": (0xFFF0, 0xFFFF),
}


def is_line_end(char: str) -> bool:
    """Say whether `.` stops at the character."""
    return char in "\n\r"


def _space(char: str) -> bool:
    return char in " \t\n\r"


def _digit(char: str) -> bool:
    return unicodedata.category(char) == "Nd"


def _word(char: str) -> bool:
    return unicodedata.category(char)[0] not in "PZC"


def _name_start(char: str) -> bool:
    return char in "_:" or unicodedata.category(char) in ("Lu", "Ll", "Lt", "Lo", "Nl")


def _name_part(char: str) -> bool:
    return _name_start(char) or char in "-.·" or unicodedata.category(char) in ("Nd", "Mn", "Mc", "Lm")


def _not(test: CharTest) -> CharTest:
    return lambda char: not test(char)


_MULTI = {"s": _space, "d": _digit, "w": _word, "i": _name_start, "c": _name_part}
_SINGLE = {"n": "\n", "r": "\r", "t": "\t"}


def escape_test(text: str, at: int) -> tuple[CharTest | None, int]:
    """Read the escape whose letter stands at `at`; return its test, or None, and what follows."""
    char = text[at : at + 1]
    if char in ("p", "P"):
        return _property_test(text, at)
    if char.lower() in _MULTI and char:
        test = _MULTI[char.lower()]
        return (_not(test) if char.isupper() else test), at + 1
    wanted = _SINGLE.get(char) or (char if char and char in r"\|.?*+(){}$-[]^" else None)
    if wanted is None:
        return None, at
    return (lambda seen: seen == wanted), at + 1


def _property_test(text: str, at: int) -> tuple[CharTest | None, int]:
    end = text.find("}", at)
    if end < 0 or text[at + 1 : at + 2] != "{":
        return None, at
    name = text[at + 2 : end]
    test: CharTest
    if name in _CATEGORIES:
        wanted = name

        def test(char: str) -> bool:
            return unicodedata.category(char).startswith(wanted)
    elif name.startswith("Is") and name[2:] in _BLOCKS:
        low, high = _BLOCKS[name[2:]]

        def test(char: str) -> bool:
            return low <= ord(char) <= high
    else:
        return None, at
    return (_not(test) if text[at] == "P" else test), end + 1

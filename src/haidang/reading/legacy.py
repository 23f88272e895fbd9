"""Vietnamese written for the fonts of the nineties, TCVN3 (ABC) and VNI, brought to Unicode.

Such text looks like `Thµnh phè Hå ChÝ Minh` or `Thaønh phoá Hoà Chí Minh`. Both encodings reuse the letters of Western
Europe, so what tells them is not a letter but whether the words make sense: a conversion is done where it brings out
common words of Vietnamese that the text did not have before.
"""

from __future__ import annotations

import re
from unicodedata import normalize

__all__ = ["to_unicode"]

FEWEST_WORDS = 3
_COMMON = frozenset(
    [
        "và",
        "của",
        "các",
        "được",
        "những",
        "trong",
        "với",
        "thành",
        "phố",
        "năm",
        "một",
        "người",
        "không",
        "là",
        "đã",
        "đồng",
        "tỷ",
        "nước",
        "kinh",
        "tế",
        "việt",
        "nam",
        "ủy",
        "ban",
        "nhân",
        "dân",
        "đến",
        "từ",
        "về",
        "triệu",
        "đầu",
        "tư",
        "phát",
        "triển",
        "công",
        "nghệ",
        "doanh",
        "nghiệp",
        "cho",
        "này",
        "hội",
        "nghị",
        "chính",
        "phủ",
        "đạt",
        "hơn",
    ]
)
_PLAIN = frozenset(["nam", "nhân", "dân", "ban", "cho", "trong", "minh"])
"""Words that stand in a text of Western letters as well, and so tell nothing."""

_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ¡¢§£¤¥¦",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)

_TONES = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_SHAPED = {
    "â": "\u0302", "à": "\u0302\u0300", "á": "\u0302\u0301", "å": "\u0302\u0309", "ã": "\u0302\u0303",
    "ä": "\u0302\u0323", "ê": "\u0306", "è": "\u0306\u0300", "é": "\u0306\u0301", "ú": "\u0306\u0309",
    "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_ALONE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI = re.compile(
    r"(?P<base>[aeoyuAEOYUôöÔÖ])(?P<mark>[øùûõïâàáåãäêèéúüëØÙÛÕÏÂÀÁÅÃÄÊÈÉÚÜË])|(?P<alone>[ôöñæóòîÔÖÑÆÓÒÎ])"
)


def to_unicode(text: str) -> tuple[str, str | None]:
    """The text in Unicode, and the legacy encoding it was in; the text itself and none where it was in none."""
    best, name = text, None
    found = _sense(text)
    for encoding, convert in (("TCVN3", _from_tcvn3), ("VNI", _from_vni)):
        converted = convert(text)
        sense = _sense(converted)
        if sense >= FEWEST_WORDS and sense > 2 * found:
            best, name, found = converted, encoding, sense
    return best, name


def _sense(text: str) -> int:
    """How often a common Vietnamese word with marks of its own stands in the first part of a text."""
    words = re.findall(r"[^\W\d_]+", text[:50_000].casefold())
    return sum(word in _COMMON and word not in _PLAIN and not word.isascii() for word in words)


def _from_tcvn3(text: str) -> str:
    return text.translate(str.maketrans(_TCVN3))


def _from_vni(text: str) -> str:
    return normalize("NFC", _VNI.sub(_vni_letter, text))


def _vni_letter(match: re.Match[str]) -> str:
    if match["alone"]:
        letter = _ALONE[match["alone"].lower()]
        return letter.upper() if match["alone"].isupper() else letter
    base, mark = match["base"], match["mark"].lower()
    horned = _ALONE.get(base.lower())
    stem = base if horned is None else horned.upper() if base.isupper() else horned
    marks = _TONES.get(mark) or _SHAPED.get(mark, "")
    return stem + marks

"""Files of every kind, whole and hostile, end in the right text or in one clear line."""

import io
import unicodedata
import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest

from haidang.reading import DocumentError, read_document

SENTENCE = "Ngày 26/11/2025, TP.HCM công bố gói 1.500 tỉ đồng của Chính phủ cho các doanh nghiệp và những người đầu tư."
TCVN3 = (
    "Thµnh phè Hå ChÝ Minh ®Çu t\xad 1.500 tû ®ång cho c¸c doanh nghiÖp, cña ChÝnh phñ vµ ®\xad\xf4c nh÷ng ng\xad\xeai"
)
VNI = "Thaønh phoá Hoà Chí Minh ñaàu tö 1.500 tyû ñoàng cho caùc doanh nghieäp, cuûa Chính phuû vaø nhöõng ngöôøi"


def written(folder: Path, name: str, data: bytes | str) -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
    return path


def outcome(path: Path) -> str:
    """The text of a file, or the one line that says what is wrong with it."""
    try:
        return read_document(path).text
    except DocumentError as mistake:
        return str(mistake)


def pdf(text: str, pages: int = 1) -> bytes:
    """A small PDF with a line of text on each page, written by hand."""
    parts = ["<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * page} 0 R" for page in range(pages))
    parts.append(f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>")
    parts.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for page in range(pages):
        stream = f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET"
        parts.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {5 + 2 * page} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        parts.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    out, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(parts) + 1} /Root 1 0 R >>\n"
    return (out + end + f"startxref\n{len(out)}\n%%EOF\n").encode("latin-1")


def word_file(*lines: str) -> bytes:
    """A DOCX with these paragraphs."""
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def test_decomposed_letters_are_composed(tmp_path: Path) -> None:
    found = read_document(written(tmp_path, "a.txt", unicodedata.normalize("NFD", SENTENCE)))
    assert found.text == SENTENCE
    assert found.notes[0] == "letters composed (NFC)"
    assert found.language == "vi"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encodings_of_unicode_are_read(tmp_path: Path, encoding: str) -> None:
    assert read_document(written(tmp_path, "a.txt", SENTENCE.encode(encoding))).text == SENTENCE


@pytest.mark.parametrize(("text", "name"), [(TCVN3, "TCVN3"), (VNI, "VNI")])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_legacy_fonts_are_brought_to_unicode(tmp_path: Path, text: str, name: str, encoding: str) -> None:
    found = read_document(written(tmp_path, "a.txt", text.encode(encoding)))
    assert found.text.startswith("Thành phố Hồ Chí Minh đầu tư 1.500 tỷ đồng cho các doanh nghiệp, của Chính phủ và")
    assert f"converted from {name}" in found.notes


def test_french_is_not_taken_for_a_legacy_font(tmp_path: Path) -> None:
    text = "L'été dernier, la ville a préféré créer une société où l'État garde le contrôle, à Hồ Chí Minh."
    assert read_document(written(tmp_path, "a.txt", text)).text == text


def test_two_encodings_in_one_file_are_refused_with_the_line(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", f"{SENTENCE}\n".encode() + b"\xb5\xe8 \xff\xfe")
    with pytest.raises(DocumentError, match=r"a\.txt:2: expected one encoding, found UTF-8 and byte 0xb5"):
        read_document(path)


def test_a_page_gives_its_article_and_nothing_around_it(tmp_path: Path) -> None:
    page = f"""<!DOCTYPE html><html><head><title>Trang</title><meta property="og:site_name" content="Báo Mẫu">
    <meta property="article:published_time" content="2025-11-26T08:00:00+07:00">
    <script>document.write("999 tỷ đồng")</script></head><body><nav><a href="/">Trang chủ 5 dự án</a></nav>
    <article><h1>Gói tín dụng</h1><p>{SENTENCE}</p><figure><figcaption>Ảnh 77 dự án</figcaption></figure>
    <div class="related-news"><p>Xem 88 dự án</p></div><ul><li><a href="x">Liên kết 66 dự án</a></li></ul>
    <p style="display: none">Ẩn 55 dự án</p></article><footer>44 dự án</footer></body></html>"""
    found = read_document(written(tmp_path, "a.html", page))
    assert found.text == f"Gói tín dụng\n{SENTENCE}"
    assert (found.title, found.publisher, found.date) == ("Gói tín dụng", "Báo Mẫu", date(2025, 11, 26))


def test_an_entity_that_names_a_file_is_not_followed(tmp_path: Path) -> None:
    secret = written(tmp_path, "secret.txt", "mật khẩu")
    head = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y "&x;&x;">]>'
    found = read_document(written(tmp_path, "a.html", f"{head}<html><body><p>{SENTENCE} &x; &y;</p></body></html>"))
    assert "mật khẩu" not in found.text


def test_a_page_nested_without_end_is_read_or_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "a.html", "<div>" * 100_000 + SENTENCE)
    assert "expected" in outcome(path) or SENTENCE in outcome(path)


def test_a_word_file_gives_paragraphs_and_tables(tmp_path: Path) -> None:
    found = read_document(written(tmp_path, "a.docx", word_file("TP. HCM, ngày 26 tháng 11 năm 2025", SENTENCE)))
    assert found.text.endswith(SENTENCE)
    assert found.date == date(2025, 11, 26)


def test_a_pdf_gives_its_text(tmp_path: Path) -> None:
    found = read_document(written(tmp_path, "a.pdf", pdf("The city pledged 1,500 billion VND.")))
    assert found.text == "The city pledged 1,500 billion VND."
    assert found.date is None


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.pdf", b"%PDF-1.7\nnothing", "expected a PDF that can be opened"),
        ("a.pdf", pdf("x")[:200], "expected"),
        ("a.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 400, "expected a PDF that can be opened"),
        ("a.pdf", pdf("", 1), "expected text, found none"),
        ("a.pdf", pdf("x", 1001), "expected at most 1000 pages, found 1001"),
        ("a.docx", b"PK\x03\x04broken", "found an archive that is broken"),
        ("a.docx", b"not a zip", "expected DOCX by its name"),
        ("a.docx", word_file(), "expected text, found none"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + b"0" * 100, "found an old Word file"),
        ("a.txt", b"", "found an empty file"),
        ("a.txt", b"abc\x00\x00def", "found zero bytes"),
        ("a.html", b"<html><body><script>1</script></body></html>", "expected a page with text"),
    ],
)
def test_a_broken_file_ends_in_one_line(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    with pytest.raises(DocumentError) as raised:
        read_document(written(tmp_path, name, data))
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", b"0" * 50_000_000)
    with pytest.raises(DocumentError, match=r"an archive that swells: 'word/document\.xml'"):
        read_document(written(tmp_path, "a.docx", held.getvalue()))


def test_an_entity_bomb_in_a_word_file_is_refused_or_left_alone(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
    )
    whole = io.BytesIO(word_file(SENTENCE))
    held = io.BytesIO()
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                text = data.decode("utf-8").replace(SENTENCE, SENTENCE + "&j;")
                data = text.replace("<w:document", bomb + "]><w:document", 1).encode("utf-8")
            archive.writestr(name, data)
    assert len(outcome(written(tmp_path, "a.docx", held.getvalue()))) < 10_000


def test_a_file_of_a_hundred_megabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(DocumentError, match="expected at most 50 MB, found 100 MB"):
        read_document(path)


def test_a_text_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="expected at most 10 MB of text, found 11 MB"):
        read_document(written(tmp_path, "a.txt", b"a b " * 2_800_000))


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no such file"):
        read_document(tmp_path / "none.txt")
    with pytest.raises(DocumentError, match="something else of that name"):
        read_document(tmp_path)

"""Files that are sent: known by what is in them, never a path, never more than they say."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from haidang.web.uploads import (
    DOCUMENT,
    ENDINGS,
    HTML,
    LEGACY,
    PDF,
    TEXT,
    UploadError,
    media_of,
    place_of,
    take,
    take_named,
    tidy_name,
)  # fmt: skip

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def office(part: str, content: bytes = b"<x/>", extra: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, content)
        if extra:
            archive.writestr(extra, b"x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"RIFF0000WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7\n", "application/pdf"),
        ("Biên bản kiểm tra\n".encode(), "text/plain"),
        (office("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (office("word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_a_file_is_what_is_in_it(content: bytes, media: str) -> None:
    assert media_of(content) == media


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<!DOCTYPE html><script>alert(1)</script>", "kind"),
        (b"  <svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "kind"),
        (b"MZ\x90\x00", "kind"),
        (b"\x00\x01", "kind"),
        (b"PK\x03\x04 no archive", "kind"),
        (office("anything.txt"), "kind"),
        (office("xl/workbook.xml", extra="xl/vbaProject.bin"), "macro"),
        (office("xl/workbook.xml", b"0" * (30 * 2**20)), "bomb"),
    ],
)
def test_what_is_not_taken_is_told_apart(content: bytes, why: str) -> None:
    with pytest.raises(UploadError, match=why):
        media_of(content)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd.png"),
        ("C:\\Users\\me\\ảnh xưởng.PNG", "ảnh xưởng.png"),
        ("report.html", "report.png"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
        ("\u202egnp.exe", "gnp.png"),
        ("...", "file.png"),
        ("", "file.png"),
    ],
)
def test_a_name_is_shown_and_never_a_path(name: str, shown: str) -> None:
    assert tidy_name(name, "image/png") == shown


@given(st.text(max_size=400), st.sampled_from(sorted(ENDINGS)))
def test_every_name_ends_as_its_kind_does_and_holds_no_path(name: str, media: str) -> None:
    shown = tidy_name(name, media)
    assert shown.endswith(ENDINGS[media])
    assert len(shown) <= 160
    assert not set(shown) & set("/\\\r\n\x00")


@pytest.mark.parametrize("digest", ["", "..", "../" * 10, "0" * 63, "0" * 63 + "/"])
def test_only_a_hash_names_a_place(digest: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its text is what was found
        place_of(digest, "factories")


READABLE = (TEXT, HTML, LEGACY, PDF, DOCUMENT)


@pytest.mark.parametrize(
    ("name", "content", "media"),
    [
        ("trang.html", b"<p>Tin</p>", HTML),
        ("trang.XHTML", b"<?xml version='1.0'?><html/>", HTML),
        ("tin.txt", b"<html> is a word here", TEXT),
        ("tin.txt", "Tin".encode("utf-16"), TEXT),
        ("tin.txt", b"Ph\xad\xcbng", TEXT),
        ("tin.pdf", b"\n%PDF-1.4", PDF),
    ],
)
def test_a_document_is_what_its_content_and_its_name_agree_on(name: str, content: bytes, media: str) -> None:
    assert take_named(SimpleUploadedFile(name, content), READABLE, 100).media == media


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.exe", b"text"), ("x.pdf", b"text"), ("x.txt", b"%PDF-1.4"), ("x.docx", office("xl/workbook.xml")),
        ("x.png", PNG), ("x.txt", b"\x00\x01"), ("x.txt", b"   "), ("x.txt", b"a" * 101), ("x.txt", b"\xff\xfe\x00"),
        ("x.docx", office("word/document.xml", b"0" * (30 * 2**20))),
    ],
)  # fmt: skip
def test_a_document_that_is_not_what_it_is_called_is_not_taken(name: str, content: bytes) -> None:
    with pytest.raises(UploadError):
        take_named(SimpleUploadedFile(name, content), READABLE, 100_000 if name == "x.docx" else 100)


def test_a_room_that_does_not_ask_for_pages_or_old_encodings_takes_none() -> None:
    for content in (b"<html><script>x()</script></html>", b"Ph\xad\xcbng", "Tin".encode("utf-16")):
        with pytest.raises(UploadError, match="kind"):
            take(SimpleUploadedFile("x.txt", content))

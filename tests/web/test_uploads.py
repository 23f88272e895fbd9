"""Files that are sent: known by what is in them, never a path, never more than they say."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.web.uploads import ENDINGS, UploadError, media_of, place_of, tidy_name

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

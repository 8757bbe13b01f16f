"""CSV files as they come."""

from pathlib import Path

import pytest

from samverkan.cli.referrals.table import FileUnusable, Line, read_sheet, write_sheet


def file(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n",
        b"a;b\r\n1;2\r\n",
        b"\xef\xbb\xbfa;b\r\n1;2\r\n",
        b"sep=;\r\na;b\r\n1;2",
        "a\tb\r\n1\t2\r\n".encode("utf-16"),
        b"a;b\r\n;\r\n\r\n1;2\r\n ; \r\n",
    ],
)
def test_what_spreadsheets_write_is_read(tmp_path: Path, content: bytes) -> None:
    sheet = read_sheet(file(tmp_path, content))
    assert sheet.header == ("a", "b")
    assert [line.cells for line in sheet.lines] == [("1", "2")]


def test_line_numbers_are_those_of_the_file_also_after_a_cell_with_line_breaks(tmp_path: Path) -> None:
    sheet = read_sheet(file(tmp_path, b'sep=,\na,b\n1,"x\ny\nz"\n\n2,w\n'))
    assert sheet.lines == (Line(3, ("1", "x\ny\nz")), Line(7, ("2", "w")))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"a;b\n", "nothing below"),
        ("a;b\nÖrn;1\n".encode("cp1252"), r"not UTF-8 \(line 2\).*CSV UTF-8"),
        (b"PK\x03\x04\x00\x00", "no text file.*CSV UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_what_to_do(tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(FileUnusable, match=told):
        read_sheet(file(tmp_path, content))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileUnusable, match="No such file"):
        read_sheet(tmp_path / "none.csv")


def test_what_is_written_is_read_again_and_stays_protected(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_sheet(path, ["a", "b"], iter([["å;1", "x\ny"]]), ";", 0o600)
    sheet = read_sheet(path)
    assert (sheet.header, sheet.lines[0].cells) == (("a", "b"), ("å;1", "x\ny"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel needs it to see å, ä and ö"

"""`samverkan import referrals` on a running system."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from samverkan.cli.referrals.command import import_referrals
from samverkan.cli.system import System
from samverkan.deploy.exits import DIFFERENT, OK, USAGE

LIST = """Personnummer;Namn;Program;Inkom;Myndigheter;Skäl
198705212382;Testperson Ö;introduktionsjobb;2026-01-12;kommun|Arbetsförmedlingen;Lång tid utan arbete
198705212382;Testperson Ö;arbetsmarknadstorget;2026-01-13;kommun|af|fk;"Två
rader"
198705212381;Fel siffra;introduktionsjobb;2026-01-12;kommun;
199107172380;;trolleri;2026-02-30;kommun;
202601612381;;nystartsjobb;2020-01-12;kommun;
199107172380;;nystartsjobb;2026-01-12;kommun;
"""


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The secret of the keys is this test's own."""
    monkeypatch.setenv("SAMVERKAN_HOME", str(tmp_path / "home"))


def written(tmp_path: Path) -> Path:
    file = tmp_path / "lista.csv"
    file.write_text(LIST, encoding="utf-8-sig", newline="\r\n")
    return file


def referrals_in(system: System) -> int:
    async def count() -> int:
        connection = await asyncpg.connect(system.run.service("intake").dsn)
        try:
            found: int = await connection.fetchval(
                "select count(*) from journal where attributes ->> 'type' like '%Referr%'"
            )
            return found
        finally:
            await connection.close()

    return asyncio.run(count())


def test_good_lines_are_taken_in_once_and_bad_ones_come_back_with_their_reasons(
    system: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, intake = written(tmp_path), system.run.service("intake").url
    before = referrals_in(system)
    assert import_referrals(file, agency="kommun", intake_url=intake) == DIFFERENT
    assert referrals_in(system) == before + 3
    assert "6 of 6 lines" in (printed := capsys.readouterr().out)
    assert "0 already there, 3 rejected" in printed

    rejected = (tmp_path / "lista.rejected.csv").read_text(encoding="utf-8-sig").splitlines()
    header = "Personnummer;Namn;Program;Inkom;Myndigheter;Skäl;avvisad_rad;avvisad_kod;avvisad_orsak"
    assert rejected[0] == header
    numbers_and_codes = [line.split(";")[6:8] for line in rejected[1:]]
    assert numbers_and_codes == [
        ["5", "person-number-checksum"],
        ["6", "programme-unknown, date-format"],
        ["7", "born-after-referral"],
    ]
    assert rejected[1].startswith("198705212381;Fel siffra;introduktionsjobb;2026-01-12;kommun;;")

    assert import_referrals(file, agency="kommun", intake_url=intake) == DIFFERENT
    assert referrals_in(system) == before + 3, "the same list again changes nothing"
    assert "0 new cases, 0 added to a case, 3 already there, 3 rejected" in (printed := capsys.readouterr().out)
    assert "1987" not in printed and "Testperson" not in printed


def test_another_machine_takes_nothing_in_twice_either(
    system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, intake = written(tmp_path), system.run.service("intake").url
    import_referrals(file, agency="kommun", intake_url=intake)
    before = referrals_in(system)
    monkeypatch.setenv("SAMVERKAN_HOME", str(tmp_path / "elsewhere"))
    import_referrals(file, agency="kommun", intake_url=intake)
    assert referrals_in(system) == before


def test_a_mended_reject_file_is_taken_in_as_it_is(system: System, tmp_path: Path) -> None:
    intake = system.run.service("intake").url
    import_referrals(written(tmp_path), agency="kommun", intake_url=intake)
    rejects = tmp_path / "lista.rejected.csv"
    content = rejects.read_text(encoding="utf-8-sig")
    mended = (
        content.replace("198705212381", "198705212382")
        .replace("trolleri;2026-02-30", "arbetspraktik;2026-02-03")
        .replace("nystartsjobb;2020-01-12", "nystartsjobb;2026-02-12")
    )
    rejects.write_text(mended, encoding="utf-8-sig")
    assert import_referrals(rejects, agency="kommun", intake_url=intake) == OK


def test_a_file_that_cannot_be_used_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "lista.csv"
    file.write_bytes(LIST.encode("cp1252"))
    assert import_referrals(file, agency="kommun", intake_url="http://127.0.0.1:1") == USAGE
    assert "choose CSV UTF-8" in capsys.readouterr().err
    file.write_text("Personnummer;Inkom\n198705212382;2026-01-12\n", encoding="utf-8")
    assert import_referrals(file, agency="kommun", intake_url="http://127.0.0.1:1") == USAGE
    assert "No column for programme (program)" in capsys.readouterr().err

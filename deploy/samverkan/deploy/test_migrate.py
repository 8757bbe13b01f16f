from pathlib import Path

import asyncpg
import pytest

from samverkan.deploy.errors import MigrationFailed
from samverkan.deploy.migrate import migrate


def _write(folder: Path, name: str, statement: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"-- migrate:up\n{statement};\n-- migrate:down\n")


async def _tables(dsn: str) -> set[str]:
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch("select tablename from pg_tables where schemaname = 'public'")
        return {row["tablename"] for row in rows} - {"schema_migrations"}
    finally:
        await connection.close()


async def test_two_folders_are_applied_in_the_order_of_their_numbers(database: str, tmp_path: Path) -> None:
    _write(tmp_path / "own", "1001_second.sql", "create table second (one int references first)")
    _write(tmp_path / "base", "0001_first.sql", "create table first (id int primary key)")
    migrate(database, tmp_path / "own", tmp_path / "base")
    assert await _tables(database) == {"first", "second"}


async def test_what_is_applied_stays_and_what_is_new_is_added(database: str, tmp_path: Path) -> None:
    _write(tmp_path, "0001_first.sql", "create table first (id int primary key)")
    migrate(database, tmp_path)
    migrate(database, tmp_path)
    _write(tmp_path, "0002_second.sql", "create table second (id int)")
    migrate(database, tmp_path)
    assert await _tables(database) == {"first", "second"}


async def test_a_refused_migration_leaves_the_one_before(database: str, tmp_path: Path) -> None:
    _write(tmp_path, "0001_first.sql", "create table first (id int primary key)")
    _write(tmp_path, "0002_wrong.sql", "create table half (id int); create table wrong (id nonsense)")
    with pytest.raises(MigrationFailed, match=r'type \\?"nonsense\\?" does not exist'):
        migrate(database, tmp_path)
    assert await _tables(database) == {"first"}


def test_a_number_used_twice_is_refused(tmp_path: Path) -> None:
    _write(tmp_path, "0001_first.sql", "select 1")
    _write(tmp_path, "0001_other.sql", "select 1")
    with pytest.raises(MigrationFailed, match="used twice: 0001"):
        migrate("unused", tmp_path)


def test_a_name_that_is_no_migrations_name_is_refused(tmp_path: Path) -> None:
    _write(tmp_path, "1_first.sql", "select 1")
    with pytest.raises(MigrationFailed, match="no migration's name"):
        migrate("unused", tmp_path)


def test_a_way_back_is_refused(tmp_path: Path) -> None:
    (tmp_path / "0001_first.sql").write_text("-- migrate:up\nselect 1;\n-- migrate:down\ndrop table first;\n")
    with pytest.raises(MigrationFailed, match="only go forward"):
        migrate("unused", tmp_path)

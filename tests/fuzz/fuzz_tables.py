"""A coverage-guided search for files that the reading of tables does not bear.

It needs atheris (`pip install atheris`), which is in no extra of the project. From the folder of the project:

    python -m tests.fuzz.fuzz_tables FOUND tests/fuzz/corpus -max_total_time=900 -max_len=6000 -timeout=20

FOUND is an empty folder of yours, for what widens the search.

A file in the corpus is one byte that chooses the ending of its name (`ENDINGS`), then its bytes. What is found goes
into the corpus, where `tests/test_log_tables_fuzz.py` reads it again with every run of the tests.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processminer.engines.relations import Relations
    from processminer.errors import InputError
    from processminer.log.tables.table import Gathered

ENDINGS = (".csv", ".json", ".tsv.gz", ".xlsx", ".txt", ".parquet", ".zip", ".xls", ".jsonl", ".ods", ".xes", "")


def check(path: Path) -> str:
    """Read a file as tables and return how it ended.

    Whatever it holds: it is refused with the next move, or every row read is in a table or set aside, and has a place.
    """
    from processminer.engines.relations import Relations
    from processminer.errors import InputError
    from processminer.log.tables.read_tables import read_tables

    relations = Relations()
    try:
        given = read_tables(relations, path)
        return _checked(relations, given)
    except InputError as error:
        return _refused(error)


def _checked(relations: Relations, given: Gathered) -> str:
    from processminer.engines.relations import quoted
    from processminer.log.tables.places import places

    for table in given.tables:
        (kept,) = relations.row(f"SELECT count(*) FROM {quoted(table.name)}")
        assert kept == table.kept, (table.file, kept, table.kept)
        assert all(problem.rows > 0 and problem.examples for problem in table.problems)
        assert len(table.columns) > 1
        (rows,) = relations.row(
            f"SELECT coalesce(list(place ORDER BY place), []) FROM (SELECT {table.row_number} AS place "
            f"FROM {quoted(table.name)} ORDER BY place LIMIT 3)"
        )
        assert len(set(rows)) == len(rows)
        assert all(places(relations, table, rows))
        for column in table.columns:
            relations.rows(f"SELECT max({quoted(column)}::VARCHAR) FROM {quoted(table.name)}")
    return "logs" if given.log is not None else "tables"


def look(path: Path) -> None:
    """Do of it what needs no database: a thousand times as many files a second."""
    from processminer.errors import LogError
    from processminer.log.tables.delimited import laid_out, records
    from processminer.log.tables.encoding import letters_of, open_text
    from processminer.log.tables.json_values import Values
    from processminer.log.tables.kinds import kind_of
    from processminer.log.tables.nested import lists_in

    try:
        kind = kind_of(path, path.name)
        if kind == "json":
            lists_in(path, path.name)
        elif kind == "text":
            letters = letters_of(path, path.name)
            laid = laid_out(path, path.name, letters)
            with open_text(path, letters.encoding) as text:
                assert sum(1 for _ in records(text, laid.layout)) >= laid.layout.skipped
            with open_text(path, letters.encoding) as text:
                Values(text, path.name).value()
    except LogError as error:
        _refused(error)


def _refused(error: InputError) -> str:
    assert error.hint
    assert error.place is not None
    return "refused"


def main() -> None:
    """Search until stopped."""
    import atheris

    with atheris.instrument_imports(include=["processminer.log.tables", "processminer.engines.spreadsheet"]):
        import processminer.engines.spreadsheet
        import processminer.log.tables.places
        import processminer.log.tables.read_tables  # noqa: F401 - imported to be instrumented

    folder = Path(tempfile.mkdtemp())

    def one(found: bytes) -> None:
        if not found:
            return
        path = folder / f"export{ENDINGS[found[0] % len(ENDINGS)]}"
        path.write_bytes(found[1:])
        look(path)
        # The database takes a hundred times as long: of texts it sees those alone whose first byte says so.
        if found[0] < len(ENDINGS) or path.suffix not in {".csv", ".json", ".txt", ".jsonl", ""}:
            check(path)
        path.unlink()

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

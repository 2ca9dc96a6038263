"""Each deal with what it did against the playbook, as CSV for a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processminer.engines.relations import read_sql
from processminer.log.write.tables import guarded

if TYPE_CHECKING:
    from processminer.study import Study

COLUMNS = (
    "deal", "owner", "outcome", "amount", "currency", "verdict", "fitness", "deviations", "first_seen", "last_seen",
    "sentence", "moves",
)  # fmt: skip


def render_deals(study: Study) -> bytes:
    """Return a row for every deal with a path: its verdict, a sentence, and its moves against the playbook in time.

    Ordered by deal. The fitness is that with what is accepted forgiven; times are UTC. Texts that a spreadsheet would
    run as formulas begin with an apostrophe; control characters become visible marks.
    """
    cells = " || ',' || ".join(
        f"""'"' || replace({guarded(_visible(column))}, '"', '""') || '"'""" for column in COLUMNS
    )
    listed = read_sql("processminer.report", "deals_file.sql")
    texts = study.log.relations.texts(f"SELECT {cells} || chr(10) AS line FROM ({listed})")
    return (",".join(COLUMNS) + "\n").encode() + b"".join(texts)


def _visible(column: str) -> str:
    """Return the expression of a column's text on one line, each character that acts on a screen made visible."""
    lines = f"regexp_replace(coalesce({column}, ''), '[\\t\\n\\r]', ' ', 'g')"
    return f"regexp_replace({lines}, '[\\p{{Cc}}\\p{{Cf}}\\p{{Zl}}\\p{{Zp}}]', chr(65533), 'g')"

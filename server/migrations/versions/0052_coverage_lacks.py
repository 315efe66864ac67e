"""Keep, for each ground, in outline what is missing there, so that rare things are found at once.

A trigger keeps it, whoever writes stretches: servers of the release before, too. What was written
before there was one is added by the next migration, which locks nothing.

Revision ID: 0052_coverage_lacks
Revises: 0051_study_session_indexes
"""

import sqlalchemy as sa
from alembic import op

revision = "0052_coverage_lacks"
down_revision = "0051_study_session_indexes"
branch_labels = None
depends_on = None

#: Columns of bits, and which bit a stretch sets there.
_BITS = {
    "states": "{row}state",
    "roles": "{row}role",
    "sections": "{row}section",
    "sizes": "{row}size",
    "risks": "CASE WHEN {row}high_risk THEN 1 ELSE 0 END",
    "items": "{row}item % 61",
    "providers": "{row}provider % 61",
}
_WIDE = {"items", "providers"}


def upgrade() -> None:
    op.create_table(
        "coverage_lack",
        sa.Column("indicator", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("ground", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger() if name in _WIDE else sa.Integer(), nullable=False)
            for name in _BITS
        ),
        sa.PrimaryKeyConstraint("indicator", "ground", name=op.f("pk_coverage_lack")),
        sqlite_with_rowid=False,
    )
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        op.execute(
            "CREATE FUNCTION coverage_lack_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" {_added('VALUES (' + _values('NEW.', on_postgresql) + ')')};"
            " RETURN NULL; END $$"
        )
        op.execute(
            "CREATE TRIGGER coverage_lack_note AFTER INSERT ON coverage_stretch"
            " FOR EACH ROW WHEN (NEW.state >= 2) EXECUTE FUNCTION coverage_lack_note()"
        )
    else:
        op.execute(
            "CREATE TRIGGER coverage_lack_note AFTER INSERT ON coverage_stretch"
            " WHEN new.state >= 2"
            f" BEGIN {_added('VALUES (' + _values('new.', on_postgresql) + ')')}; END"
        )


def _added(rows: str) -> str:
    """Return the statement that adds bits to what is there, and writes nothing where all are."""
    names = ("first_day", *_BITS)
    earlier = (
        "CASE WHEN excluded.first_day < coverage_lack.first_day"
        " THEN excluded.first_day ELSE coverage_lack.first_day END"
    )
    sets = [f"first_day = {earlier}"]
    sets += [f"{name} = coverage_lack.{name} | excluded.{name}" for name in _BITS]
    news = ["excluded.first_day < coverage_lack.first_day"]
    news += [
        f"(coverage_lack.{name} | excluded.{name}) <> coverage_lack.{name}" for name in _BITS
    ]
    return (
        f"INSERT INTO coverage_lack (indicator, ground, {', '.join(names)}) {rows}"
        f" ON CONFLICT (indicator, ground) DO UPDATE SET {', '.join(sets)}"
        f" WHERE {' OR '.join(news)}"
    )


def _values(row: str, on_postgresql: bool) -> str:
    bits = [_bit(name, row, on_postgresql) for name in _BITS]
    return ", ".join([f"{row}indicator", f"{row}ground", f"{row}start_day", *bits])


def _bit(name: str, row: str, on_postgresql: bool) -> str:
    one = "1::bigint" if on_postgresql and name in _WIDE else "1"
    place = _BITS[name].format(row=row)
    return f"({one} << ({place}))"


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER coverage_lack_note ON coverage_stretch")
        op.execute("DROP FUNCTION coverage_lack_note()")
    else:
        op.execute("DROP TRIGGER coverage_lack_note")
    op.drop_table("coverage_lack")

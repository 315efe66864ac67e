"""Add what is missing so far to the outline of each ground.

Indicator by indicator, each in a transaction of its own: whoever books meanwhile waits for a
moment. Begun again, it adds nothing twice.

Revision ID: 0053_coverage_lacks_filled
Revises: 0052_coverage_lacks
"""

from alembic import op

revision = "0053_coverage_lacks_filled"
down_revision = "0052_coverage_lacks"
branch_labels = None
depends_on = None

#: Columns of bits, and which bit a stretch sets there.
_BITS = {
    "states": "state",
    "roles": "role",
    "sections": "section",
    "sizes": "size",
    "risks": "CASE WHEN high_risk THEN 1 ELSE 0 END",
    "items": "item % 61",
    "providers": "provider % 61",
}

#: The lock of all who write sums.
_LOCK = 20_151_231


def upgrade() -> None:
    numbers = "SELECT number FROM coverage_indicator ORDER BY number"
    indicators = [row[0] for row in op.get_bind().exec_driver_sql(numbers)]
    if op.get_bind().dialect.name != "postgresql":
        for number in indicators:
            op.execute(_filled(number, on_postgresql=False))
        return
    with op.get_context().autocommit_block():
        for number in indicators:
            words = _filled(number, on_postgresql=True)
            op.execute(f"DO $$ BEGIN PERFORM pg_advisory_xact_lock({_LOCK}); {words}; END $$")


def _filled(indicator: int, *, on_postgresql: bool) -> str:
    """Return the statement that adds every bit of an indicator, of what no longer holds, too."""
    # There is no BIT_OR on SQLite; different bits added up are the same.
    each = "BIT_OR(1::bigint << ({}))" if on_postgresql else "SUM(DISTINCT 1 << ({}))"
    bits = ", ".join(each.format(place) for place in _BITS.values())
    earlier = (
        "CASE WHEN excluded.first_day < coverage_lack.first_day"
        " THEN excluded.first_day ELSE coverage_lack.first_day END"
    )
    added = ", ".join(f"{name} = coverage_lack.{name} | excluded.{name}" for name in _BITS)
    return (
        f"INSERT INTO coverage_lack (indicator, ground, first_day, {', '.join(_BITS)})"
        f" SELECT indicator, ground, MIN(start_day), {bits} FROM coverage_stretch"
        f" WHERE indicator = {indicator} AND state >= 2 GROUP BY indicator, ground"
        " ON CONFLICT (indicator, ground) DO UPDATE"
        f" SET first_day = {earlier}, {added}"
    )


def downgrade() -> None:
    """The table goes with the migration before."""

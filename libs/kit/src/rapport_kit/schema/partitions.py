"""The monthly partitions of the event table, kept by a function that runs with the owner's rights.

A partition is built beside the table and then attached, which does not block writers as `CREATE … PARTITION OF` does.
The default partition takes what no month covers, so that a write never fails; its rows move when their month comes.
Reading a partition past its table is left to the owner alone.
"""

from __future__ import annotations

_KEEPER = """
ALTER TABLE {0} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {0} FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper ON {0} TO CURRENT_USER USING (true) WITH CHECK (true)
"""


def default_partition() -> list[str]:
    """Creates the partition that takes every row without a month."""
    keeper = [statement.strip() for statement in _KEEPER.format("event_default").split(";")]
    return ["CREATE TABLE event_default PARTITION OF event DEFAULT", *keeper]


def maintenance_function() -> str:
    """`event_partitions(months_ahead, days_kept)`: makes the months to come, drops those that are out of time.

    A month with an unsent event is never dropped. It waits 200 ms for a lock and then fails, to be run again later.
    """
    return _FUNCTION


_FUNCTION = r"""
CREATE FUNCTION event_partitions(months_ahead integer, days_kept integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET timezone = 'UTC' SET lock_timeout = '200ms' AS $$
DECLARE
    month timestamptz;
    following timestamptz;
    child text;
    horizon timestamptz := now() - make_interval(days => days_kept);
    unsent boolean;
BEGIN
    FOR offset_months IN 0 .. months_ahead LOOP
        month := date_trunc('month', now()) + make_interval(months => offset_months);
        following := month + interval '1 month';
        child := 'event_' || to_char(month, 'YYYYMM');
        CONTINUE WHEN to_regclass(child) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I (LIKE event INCLUDING DEFAULTS INCLUDING STORAGE)', child);
        EXECUTE format(
            'WITH moved AS (DELETE FROM event_default WHERE recorded >= %L AND recorded < %L RETURNING *) '
            'INSERT INTO %I SELECT * FROM moved', month, following, child);
        EXECUTE format('ALTER TABLE event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', child, month, following);
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', child);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', child);
        EXECUTE format('CREATE POLICY keeper ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', child);
    END LOOP;
    FOR child IN
        SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
        WHERE inhparent = 'event'::regclass AND relname ~ '^event_[0-9]{6}$'
          AND to_date(right(relname, 6), 'YYYYMM') + interval '1 month' < horizon
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE published_seq IS NULL)', child) INTO unsent;
        IF unsent THEN
            RAISE WARNING 'partition % is out of time but holds unsent events', child;
        ELSE
            EXECUTE format('DROP TABLE %I', child);
        END IF;
    END LOOP;
    DELETE FROM event_default WHERE recorded < horizon AND published_seq IS NOT NULL;
END $$
"""

"""Text search that stays behind the wall between tenants and still uses an index.

Under row-level security a text search operator is not leakproof, so PostgreSQL would read every row of a
tenant. A function owned by the search role reads past the policies; it takes the tenant from the
transaction and from nowhere else. What it finds it gives as ids: the rows are then read behind the wall.

The words of a row are the lexemes of a `tsvector` column, each marked with its tenant (`rapport_kit.schema.search`),
so the index leads to one tenant's rows only.
"""

from __future__ import annotations

from dataclasses import dataclass

from rapport_kit.migrations.databases import quoted
from rapport_kit.migrations.security import CURRENT_TENANT, Op, give_to_search

RECENT = 2_000
"""The rows that are tried first, newest change first: what many rows match is found here at once, in exact order."""
CANDIDATES = 10_000
"""The most that the index may then bring up; of more matches than that, which are shown is arbitrary."""
PARENTS = 200
"""The most parents whose rows are found by the parent's words."""


@dataclass(frozen=True, slots=True)
class Parent:
    """A row is also found by the words of what `column` refers to: a person by those of the organisation."""

    column: str
    table: str


def create_search_function(op: Op, name: str, *, table: str, parent: Parent | None = None) -> None:
    """Create `name(words text[], maximum integer, owner uuid, teams uuid[])`, which gives ids of `table`.

    A row is found when each word begins one of its words; the latest changed come first. Words are passed as
    `rapport_kit.schema.search` describes them; words that are all digits count as one number. `owner` and `teams`,
    NULL by default, restrict the search to what this user owns or what belongs to one of these teams.

    Beyond the `RECENT` rows, words of one or two letters are looked for among words only and not among addresses, and
    numbers of less than six digits only as a whole: the index would have to name nearly every row.

    `table` (and the parent's) is secured with `search=True` and has the columns `tenant`, `id`, `update_time`,
    `delete_time` and `search`, a tsvector with a GIN index; `table` also `owner_id`, `team_id` and an index on
    (tenant, update_time, id).
    """
    blocks = {"find_parents": _FIND_PARENTS, "or_with_parent": _OR_WITH_PARENT, "or_of_parents": _OR_OF_PARENTS}
    if parent is None:
        blocks = dict.fromkeys(blocks, "")
    function = _FUNCTION.format_map(blocks | {placeholder: f"{{{placeholder}}}" for placeholder in _PLACEHOLDERS})
    op.execute(
        function.format(
            name=quoted(name),
            tenant=CURRENT_TENANT,
            table=quoted(table),
            parent=quoted(parent.table) if parent else "",
            reference=quoted(parent.column) if parent else "",
            recent=RECENT,
            candidates=CANDIDATES,
            most=PARENTS,
        )
    )
    give_to_search(op, f"{quoted(name)}(text[], integer, uuid, uuid[])")


def drop_search_function(op: Op, name: str) -> None:
    """Undo `create_search_function`."""
    op.execute(f"DROP FUNCTION {quoted(name)}")


_PLACEHOLDERS = ("name", "tenant", "table", "parent", "reference", "recent", "candidates", "most")
_FIND_PARENTS = """
    SELECT array_agg(found.id) INTO parents
      FROM (SELECT * FROM public.{parent} WHERE search @@ any_word LIMIT {most}) AS found
     WHERE found.tenant = whose AND found.delete_time IS NULL;
"""
_OR_WITH_PARENT = """
                   OR (r.{reference} = ANY (parents) AND r.search || (
                       SELECT p.search FROM public.{parent} AS p
                        WHERE p.tenant = whose AND p.id = r.{reference}) @@ wanted)"""
_OR_OF_PARENTS = """
                        UNION ALL (SELECT * FROM public.{table} AS t
                                    WHERE t.tenant = whose AND t.{reference} = ANY (parents) LIMIT {candidates})"""
_FUNCTION = r"""
CREATE FUNCTION {name}(words text[], maximum integer, owner uuid DEFAULT NULL, teams uuid[] DEFAULT NULL)
RETURNS TABLE (id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    whose CONSTANT uuid := {tenant};
    mark CONSTANT text := right(whose::text, 8);
    everyone CONSTANT boolean := owner IS NULL AND teams IS NULL;
    wanted tsquery;
    indexed tsquery;
    any_word tsquery;
    parents uuid[];
    hits uuid[];
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    IF array_to_string(words, '') ~ '^[0-9]+$' THEN
        words := ARRAY[ltrim(array_to_string(words, ''), '0')];
    END IF;
    -- Short words and short numbers begin too many addresses to ask the index for all of those.
    SELECT string_agg(format('(%s:* | %s:*)', plain, address), ' & ')::tsquery,
           string_agg(selective, ' & ')::tsquery, string_agg(selective, ' | ')::tsquery
      INTO wanted, indexed, any_word
      FROM unnest(words) AS word,
           LATERAL (SELECT replace(replace(left(word, 64), '\', '\\'), '''', '''''') AS escaped) AS safe,
           LATERAL (SELECT format('''%s%s''', mark, escaped) AS plain,
                           format('''%s@%s''', mark, escaped) AS address) AS lexemes,
           LATERAL (SELECT CASE WHEN word !~ '^[0-9]+$' AND length(word) > 2
                                THEN format('(%s:* | %s:*)', plain, address)
                                WHEN word !~ '^[0-9]+$' OR length(word) > 5 THEN format('%s:*', plain)
                                ELSE plain END AS selective) AS choice
     WHERE word <> '';
    IF wanted IS NULL THEN RETURN; END IF;
    {find_parents}
    SELECT array_agg(hit.id ORDER BY hit.update_time DESC, hit.id DESC) INTO hits
      FROM (SELECT r.id, r.update_time
              FROM (SELECT * FROM public.{table} AS t
                     WHERE t.tenant = whose AND t.delete_time IS NULL
                       AND (everyone OR t.owner_id = owner OR t.team_id = ANY (teams))
                     ORDER BY t.update_time DESC, t.id DESC LIMIT {recent}) AS r
             WHERE r.search @@ wanted {or_with_parent}
             LIMIT maximum) AS hit;

    IF coalesce(cardinality(hits), 0) < maximum AND EXISTS (
        SELECT FROM public.{table} AS t
         WHERE t.tenant = whose AND t.delete_time IS NULL
           AND (everyone OR t.owner_id = owner OR t.team_id = ANY (teams)) OFFSET {recent}) THEN
        SELECT array_agg(hit.id ORDER BY hit.update_time DESC, hit.id DESC) INTO hits
          FROM (SELECT DISTINCT r.id, r.update_time
                  FROM ((SELECT * FROM public.{table} AS t
                          WHERE t.search @@ indexed LIMIT {candidates}){or_of_parents}) AS r
                 WHERE r.tenant = whose AND r.delete_time IS NULL
                   AND (everyone OR r.owner_id = owner OR r.team_id = ANY (teams))
                   AND (r.search @@ wanted {or_with_parent})
                 ORDER BY r.update_time DESC, r.id DESC LIMIT maximum) AS hit;
    END IF;
    RETURN QUERY SELECT found.hit FROM unnest(hits) WITH ORDINALITY AS found (hit, place) ORDER BY found.place;
END $$
"""

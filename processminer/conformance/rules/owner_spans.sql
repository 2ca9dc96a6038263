-- Who owned each deal from when to when. Without a history of owners, the one who is named is taken for the last stay alone.
CREATE OR REPLACE TABLE owner_spans AS
WITH changed AS (
    SELECT deal, occurred_at, old, new, row_number() OVER turns AS turn, lead(occurred_at) OVER turns AS next_at
    FROM owner_changes
    WINDOW turns AS (PARTITION BY deal ORDER BY occurred_at, position)
)
SELECT deal, old AS owner, TIMESTAMP '-infinity' AS since, occurred_at AS until FROM changed WHERE turn = 1 AND old IS NOT NULL
UNION ALL
SELECT deal, new, occurred_at, coalesce(next_at, TIMESTAMP 'infinity') FROM changed WHERE new IS NOT NULL
UNION ALL
SELECT deal, owner,
       CASE WHEN $tracked THEN TIMESTAMP '-infinity'
            ELSE make_timestamp(steps[greatest(coalesce(close_step - 1, len(steps)), 1)] >> 10) END,
       TIMESTAMP 'infinity'
FROM deals JOIN paths USING (deal)
WHERE owner IS NOT NULL AND deal NOT IN (SELECT deal FROM changed)

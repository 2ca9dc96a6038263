-- When people changed something about a deal that may tell how it goes: its owner, its amount, the day it is to close.
-- The places are those of EDITS: a new owner; a second new owner; back to an owner it had; less money; a later day.
CREATE OR REPLACE TABLE action_moments AS
WITH handed AS (
    SELECT deals.deal, field_rows.occurred_at, field_rows.position, field_rows.old, field_rows.new,
           row_number() OVER (PARTITION BY deals.deal ORDER BY field_rows.occurred_at, field_rows.position) AS turn
    FROM field_rows
    JOIN deals ON deals.deal_id = field_rows.deal_id
    WHERE field_rows.field = 'owner' AND field_rows.old IS NOT NULL AND field_rows.new IS NOT NULL
      AND field_rows.old <> field_rows.new
),
written AS (
    SELECT deals.deal, field_rows.occurred_at, field_rows.field, field_rows.old, field_rows.new
    FROM field_rows
    JOIN deals ON deals.deal_id = field_rows.deal_id
    WHERE field_rows.field IN ('amount', 'close_date')
)
SELECT 0 AS practice, deal, occurred_at FROM handed WHERE turn = 1
UNION ALL
SELECT 1, deal, occurred_at FROM handed WHERE turn = 2
UNION ALL
SELECT 2, handed.deal, handed.occurred_at
FROM handed
JOIN handed AS earlier ON earlier.deal = handed.deal AND earlier.turn < handed.turn AND earlier.old = handed.new
UNION ALL
SELECT 3, deal, occurred_at FROM written
WHERE field = 'amount' AND try_cast(new AS DOUBLE) < try_cast(old AS DOUBLE) AND try_cast(new AS DOUBLE) > 0
UNION ALL
SELECT 4, deal, occurred_at FROM written
WHERE field = 'close_date' AND try_cast(new AS TIMESTAMP) > try_cast(old AS TIMESTAMP)

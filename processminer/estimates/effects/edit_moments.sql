-- When people changed something about a deal that may tell how it goes: its owner, its amount, the day it is to close.
-- The places are those of EDITS: a new owner; a second new owner; back to an owner it had; less money; a later day.
-- Where an export does not say what stood there before, it is what was written last.
CREATE OR REPLACE TABLE action_moments AS
WITH written AS (
    SELECT deals.deal, field_rows.occurred_at, field_rows.position, field_rows.field, nullif(field_rows.new, '') AS new,
           coalesce(nullif(field_rows.old, ''), lag(nullif(field_rows.new, '')) OVER before) AS old
    FROM field_rows
    JOIN deals ON deals.deal_id = field_rows.deal_id
    WHERE field_rows.field IN ('owner', 'amount', 'close_date')
    WINDOW before AS (
        PARTITION BY deals.deal, field_rows.field ORDER BY field_rows.occurred_at, field_rows.position
    )
),
handed AS (
    SELECT deal, occurred_at, old, new, row_number() OVER (PARTITION BY deal ORDER BY occurred_at, position) AS turn
    FROM written
    WHERE field = 'owner' AND old <> new
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

-- Whose each deal was when it came to each stage: by the history of owners where the log has one, else who owns it now.
CREATE OR REPLACE TABLE stay_owners AS
WITH changed AS (
    SELECT deals.deal, field_rows.occurred_at, nullif(field_rows.old, '') AS old, nullif(field_rows.new, '') AS new,
           row_number() OVER turns AS turn, lead(field_rows.occurred_at) OVER turns AS next_at
    FROM field_rows
    JOIN deals ON deals.deal_id = field_rows.deal_id
    WHERE field_rows.field = 'owner'
    WINDOW turns AS (PARTITION BY deals.deal ORDER BY field_rows.occurred_at, field_rows.position)
),
spans AS (
    SELECT deal, old AS owner, NULL AS since, occurred_at AS until FROM changed WHERE turn = 1
    UNION ALL
    SELECT deal, new, occurred_at, next_at FROM changed
)
SELECT stays.deal, stays.position, CASE WHEN spans.deal IS NULL THEN deals.owner ELSE spans.owner END AS owner
FROM stays
JOIN deals ON deals.deal = stays.deal
LEFT JOIN spans ON spans.deal = stays.deal AND (spans.since IS NULL OR stays.entered_at >= spans.since)
               AND (spans.until IS NULL OR stays.entered_at < spans.until)

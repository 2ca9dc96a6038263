-- What the records of deals leave open or tell against their history: one row a quirk, its deals or rows, and the first few deals.
WITH told AS (
    SELECT deal_histories.deal_id, records.owner, records.amount, records.currency, records.created_at, records.close_date,
           deal_histories.outcome <> 'open' AS closed
    FROM deal_histories
    JOIN records ON records.deal_id = deal_histories.deal_id
),
known AS (
    SELECT count(owner) AS owners, count(currency) AS currencies, count(close_date) AS closings FROM told
),
early AS (
    SELECT task_rows.deal_id
    FROM task_rows
    JOIN records ON records.deal_id = task_rows.deal_id
    WHERE task_rows.fault = 0 AND task_rows.stamped AND task_rows.occurred_at < records.created_at - INTERVAL 1 DAY
),
seen AS (
    SELECT 'no-owner' AS kind, deal_id FROM told, known WHERE owner IS NULL AND owners > 0
    UNION ALL
    SELECT 'no-currency', deal_id FROM told, known WHERE amount IS NOT NULL AND currency IS NULL AND currencies > 0
    UNION ALL
    SELECT 'closed-before-created', deal_id FROM told WHERE close_date < date_trunc('day', created_at) - INTERVAL 1 DAY
    UNION ALL
    SELECT 'closed-without-close-date', deal_id FROM told, known WHERE closed AND close_date IS NULL AND closings > 0
    UNION ALL
    SELECT 'task-before-deal', deal_id FROM early
)
SELECT kind, count(*), count(DISTINCT deal_id), min(DISTINCT deal_id, $most), NULL
FROM seen
GROUP BY kind
ORDER BY kind

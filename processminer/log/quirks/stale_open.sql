-- Open deals past their close date to which nothing has happened for so many days.
CREATE OR REPLACE TABLE stale_open AS
WITH overdue AS (
    SELECT deal_histories.deal_id, greatest(last_at, least(deal_histories.created_at, $as_of)) AS last_at, deal_histories.amount
    FROM deal_histories
    JOIN records USING (deal_id)
    WHERE outcome = 'open' AND records.close_date < $as_of
),
touched AS (
    SELECT deal_id, max(occurred_at) AS last_at
    FROM task_rows
    WHERE fault = 0 AND occurred_at <= $as_of AND deal_id IN (SELECT deal_id FROM overdue)
    GROUP BY deal_id
),
silent AS (
    SELECT overdue.deal_id, greatest(overdue.last_at, touched.last_at) AS last_at, overdue.amount
    FROM overdue LEFT JOIN touched USING (deal_id)
)
SELECT * FROM silent WHERE epoch_us($as_of) - epoch_us(last_at) > $days * 86400000000

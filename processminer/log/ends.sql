-- How each deal ended: its last won or lost event, unless the deal went back into the pipeline after it.
CREATE OR REPLACE TABLE ends AS
WITH closing AS (
    SELECT deal_id, steps,
           list_last(list_filter(range(1, len(steps) + 1), lambda place: (steps[place] & 1023) >= $open_codes)) AS close_step
    FROM packed
),
later AS (
    SELECT unnest(steps[close_step + 1:]) & 1023 AS code, deal_id FROM closing WHERE close_step < len(steps)
),
usual AS (
    SELECT unnest(steps) & 1023 AS code FROM closing
),
after_sale AS (
    SELECT code
    FROM (SELECT code, count(*) AS times FROM later GROUP BY code)
    JOIN (SELECT code, count(*) AS all_times FROM usual WHERE code IN (SELECT code FROM later) GROUP BY code) USING (code)
    WHERE 2 * times > all_times
),
back AS (
    SELECT DISTINCT deal_id FROM later WHERE $reopens AND code NOT IN (SELECT code FROM after_sale)
)
SELECT deal_id, steps, back.deal_id IS NOT NULL AS reopened,
       CASE WHEN close_step IS NULL OR back.deal_id IS NOT NULL THEN 'open'
            WHEN (steps[close_step] & 1023) < $open_codes + $won_codes THEN 'won'
            ELSE 'lost' END AS outcome,
       CASE WHEN back.deal_id IS NULL THEN close_step END::INTEGER AS close_step
FROM closing LEFT JOIN back USING (deal_id)

-- How each deal ended: its last won or lost event, unless the deal went back into the pipeline after it; or its first one.
CREATE OR REPLACE TABLE ends AS
WITH ending AS (
    SELECT deal_id, steps,
           list_filter(range(1, len(steps) + 1), lambda place: (steps[place] & 1023) >= $open_codes) AS places
    FROM packed
),
closing AS (
    SELECT deal_id, steps, CASE WHEN $first THEN places[1] ELSE places[-1] END AS close_step,
           -- Between two endings lies a step that is none: the deal was opened again.
           places[-1] - places[1] >= len(places) AS again
    FROM ending
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
    SELECT DISTINCT deal_id FROM later WHERE $reopens AND code < $open_codes AND code NOT IN (SELECT code FROM after_sale)
)
SELECT deal_id, steps, back.deal_id IS NOT NULL OR ($reopens AND coalesce(again, false)) AS reopened,
       CASE WHEN close_step IS NULL OR (back.deal_id IS NOT NULL AND NOT $first) THEN 'open'
            WHEN (steps[close_step] & 1023) < $open_codes + $won_codes THEN 'won'
            ELSE 'lost' END AS outcome,
       CASE WHEN back.deal_id IS NULL OR $first THEN close_step END::INTEGER AS close_step
FROM closing LEFT JOIN back USING (deal_id)

-- Deals with rows that change no stage, and the first such rows of the first few.
WITH counted AS (
    SELECT deal_id, count(*) AS times FROM stage_rows WHERE fault = 0 GROUP BY deal_id
),
fewer AS (
    SELECT deal_id FROM counted JOIN deal_histories USING (deal_id) WHERE len(steps) < times
),
walked AS (
    SELECT deal_id, position, code,
           lag(code) OVER (PARTITION BY deal_id ORDER BY occurred_at, position) AS came_from
    FROM stage_rows
    WHERE fault = 0 AND deal_id IN (SELECT unnest(min(deal_id, $most)) FROM fewer)
),
unmoved AS (
    SELECT deal_id, min(position) AS position FROM walked WHERE came_from = code AND position IS NOT NULL GROUP BY deal_id
)
SELECT (SELECT count(*) FROM fewer), coalesce(list(deal_id ORDER BY deal_id), []), coalesce(list(position ORDER BY deal_id), [])
FROM unmoved

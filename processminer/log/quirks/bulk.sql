-- Changes of stage by one person within ten minutes, where they are so many that it must be a clean-up.
-- Only slots of ten minutes that hold half of the bound, and those beside them, can hold such a window.
INSERT INTO written
WITH slots AS (
    SELECT actor, epoch_us(occurred_at) // 600000000 AS slot, count(*) AS rows_written
    FROM stage_rows
    WHERE fault = 0 AND actor IS NOT NULL AND occurred_at <> date_trunc('day', occurred_at)
    GROUP BY ALL
),
bound AS (
    -- Of a few slots the clean-up itself would be the usual one.
    SELECT CASE WHEN count(*) < 20 THEN $most ELSE greatest($most, $times * median(rows_written)) END AS least FROM slots
),
busy AS (
    SELECT DISTINCT actor, slot + unnest([-1, 0, 1]) AS slot FROM slots, bound WHERE 2 * rows_written >= least
),
near AS (
    SELECT stage_rows.*
    FROM stage_rows
    JOIN busy ON busy.actor = stage_rows.actor AND busy.slot = epoch_us(stage_rows.occurred_at) // 600000000
    WHERE fault = 0 AND occurred_at <> date_trunc('day', occurred_at)
),
walked AS (
    SELECT deal_id, position, occurred_at, code,
           lag(code) OVER (PARTITION BY deal_id ORDER BY occurred_at, code, position) AS came_from
    FROM stage_rows
    WHERE fault = 0 AND deal_id IN (SELECT deal_id FROM near)
),
changed AS (
    SELECT near.deal_id, near.occurred_at, near.code, near.position, near.actor
    FROM near
    JOIN walked
      ON walked.deal_id = near.deal_id AND walked.position = near.position AND walked.code = near.code
     AND walked.occurred_at = near.occurred_at
    WHERE walked.came_from IS DISTINCT FROM near.code
),
counted AS (
    SELECT *,
           count(*) OVER (
               PARTITION BY actor ORDER BY occurred_at
               RANGE BETWEEN CURRENT ROW AND INTERVAL 10 MINUTES FOLLOWING
           ) AS within
    FROM changed
),
crowded AS (
    SELECT *,
           max(within) OVER (
               PARTITION BY actor ORDER BY occurred_at
               RANGE BETWEEN INTERVAL 10 MINUTES PRECEDING AND CURRENT ROW
           ) AS most
    FROM counted
)
SELECT deal_id, occurred_at, code, position, 'bulk'
FROM crowded, bound
WHERE most >= least
  AND (deal_id, occurred_at, code) NOT IN (SELECT (deal_id, occurred_at, code) FROM written)

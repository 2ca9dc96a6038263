-- When deals first left a stage, and whether they took the jump or the return that is asked for.
-- Jump: at the first move on, as far as it leads. Return: at the first leaving, closing included, or of live deals only.
CREATE OR REPLACE TABLE decisions AS
WITH leaving AS (
    SELECT way_asked.practice, way_asked.kind, way_asked.target, stays.deal, stays.stage, stays.left_at, stays.next_stage,
           here.class
    FROM way_asked
    JOIN stays ON stays.stage = way_asked.code AND NOT stays.after_close AND stays.next_stage <> stays.stage
    JOIN stage_names AS here ON here.code = stays.next_stage
    WHERE way_asked.kind <> 'skip' OR (here.class = 'open' AND stays.next_stage > stays.stage)
    QUALIFY row_number() OVER (PARTITION BY way_asked.practice, stays.deal ORDER BY stays.position) = 1
)
SELECT practice, deal, left_at AS moment, stage AS came_from, next_stage = target AS done
FROM leaving
WHERE CASE kind WHEN 'skip' THEN next_stage <= target
                WHEN 'return-live' THEN class = 'open'
                ELSE true END

-- Every change of a deal's status: into won or lost, which ends it, or back to open, which returns it to its stage.
CREATE OR REPLACE TABLE status_moves AS
WITH told AS (
    SELECT deal_id, same_id, occurred_at, actor, writer, position, status.kind, status.label,
           coalesce(lag(status.kind) OVER (PARTITION BY same_id ORDER BY occurred_at, position), before.kind, 'open') AS was
    FROM all_changes
    JOIN status_words AS status ON status.raw = new
    LEFT JOIN status_words AS before ON before.raw = old
    WHERE field = 'status' AND deal_id IS NOT NULL AND occurred_at IS NOT NULL AND NOT deleted AND status.kind IS NOT NULL
),
stood AS (
    SELECT told.same_id, told.position, arg_max(rows.stage, (rows.occurred_at, rows.position)) AS stage
    FROM told JOIN change_rows AS rows ON rows.deal_id = told.deal_id AND rows.occurred_at <= told.occurred_at
    WHERE told.kind = 'open'
    GROUP BY told.same_id, told.position
)
SELECT told.deal_id, told.same_id, told.kind, CASE WHEN kind = 'open' THEN stood.stage ELSE label END AS stage,
       occurred_at, actor, writer, told.position, kind = 'open' AND was <> 'open' AS reopens, kind = was AS repeated
FROM told LEFT JOIN stood USING (same_id, position)
WHERE kind <> 'open' OR stood.stage IS NOT NULL

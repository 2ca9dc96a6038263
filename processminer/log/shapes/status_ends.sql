-- The ends of deals that their record calls won or lost while no change of status says so, and when they came.
CREATE OR REPLACE TABLE status_ends AS
WITH last_move AS (
    SELECT same_id, arg_max(kind, (occurred_at, position)) AS kind FROM status_moves GROUP BY same_id
),
last_known AS (
    SELECT deal_id, max(occurred_at) AS occurred_at FROM change_rows WHERE NOT deleted GROUP BY deal_id
)
SELECT said.deal_id, said.stage AS label,
       CASE WHEN said.kind = 'won' THEN coalesce(won_at, closed_at) ELSE coalesce(lost_at, closed_at) END AS at_record,
       at_record IS NOT NULL AS dated,
       -- A record may give the day alone, and so a moment before the last change of that day.
       CASE WHEN at_record IS NULL OR (at_record < last_known.occurred_at
                                       AND at_record = date_trunc('day', last_known.occurred_at))
            THEN last_known.occurred_at ELSE at_record END AS ended
FROM ended_deals AS said
LEFT JOIN last_move USING (same_id)
LEFT JOIN last_known ON last_known.deal_id = said.deal_id
WHERE said.kind IS DISTINCT FROM last_move.kind AND ended IS NOT NULL

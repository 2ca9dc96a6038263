-- When deals came to the stage where a role takes them over, and when they were first seen to be taken: by an owner of that
-- role, or by an activity that shows it. Where no owner of the log is known to have the role, any change of owner counts.
CREATE OR REPLACE TABLE handed AS
WITH entered AS (
    SELECT handover_asked.practice, handover_asked.code, handover_asked.named, stays.deal, stays.entered_at, stays.left_at
    FROM handover_asked
    JOIN stays ON stays.stage = handover_asked.code AND NOT stays.after_close AND stays.timed AND NOT stays.clicked
    QUALIFY row_number() OVER (PARTITION BY handover_asked.practice, stays.deal ORDER BY stays.position) = 1
),
owner_edits AS (
    SELECT deals.deal, field_rows.occurred_at, field_rows.old, field_rows.new
    FROM field_rows
    JOIN deals ON deals.deal_id = field_rows.deal_id
    WHERE field_rows.field = 'owner'
),
-- Whose the deal was as it came: by the next change after that, or as the record says where there was none.
holder AS (
    SELECT entered.practice, entered.deal, coalesce(edits.old, deals.owner) AS owner
    FROM entered
    JOIN deals ON deals.deal = entered.deal
    ASOF LEFT JOIN owner_edits AS edits ON edits.deal = entered.deal AND edits.occurred_at > entered.entered_at
),
signs AS (
    SELECT holder.practice, holder.deal, entered.entered_at AS taken_at
    FROM holder
    JOIN entered ON entered.practice = holder.practice AND entered.deal = holder.deal
    JOIN handover_takers ON handover_takers.practice = holder.practice AND handover_takers.owner = holder.owner
    WHERE entered.named
    UNION ALL
    SELECT entered.practice, entered.deal, owner_edits.occurred_at
    FROM entered
    JOIN owner_edits ON owner_edits.deal = entered.deal AND owner_edits.occurred_at >= entered.entered_at
    LEFT JOIN handover_takers ON handover_takers.practice = entered.practice AND handover_takers.owner = owner_edits.new
    WHERE handover_takers.owner IS NOT NULL OR NOT entered.named
    UNION ALL
    SELECT entered.practice, entered.deal, greatest(task_events.occurred_at, entered.entered_at)
    FROM entered
    JOIN handover_labels ON handover_labels.practice = entered.practice
    JOIN task_events ON task_events.deal = entered.deal
     AND (task_events.name = handover_labels.label OR task_events.subject = handover_labels.label)
    WHERE task_events.occurred_at >= entered.entered_at OR task_events.occurred_at = date_trunc('day', entered.entered_at)
)
SELECT entered.practice, entered.code, entered.deal, entered.entered_at, entered.left_at, min(signs.taken_at) AS taken_at
FROM entered
LEFT JOIN signs ON signs.practice = entered.practice AND signs.deal = entered.deal
GROUP BY ALL

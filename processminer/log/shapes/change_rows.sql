-- Every change of a stage as the export tells it, and before them the stage that the deal began in.
CREATE OR REPLACE TABLE change_rows AS
SELECT deal_id, new AS stage, old AS left_stage, occurred_at, untimed, deleted, actor, writer, position
FROM all_changes
WHERE field = 'stage'
UNION ALL
SELECT deal_id, stage, NULL, entered, false, false, NULL, NULL, NULL
FROM first_stages
WHERE entered IS NOT NULL

-- The pipeline each deal belongs to: its record's, else that of its last row; and through how many it went.
CREATE OR REPLACE TABLE deal_pipelines AS
WITH names AS (
    SELECT pipeline, min(pipeline_label) AS label FROM stage_dictionary WHERE pipeline_label IS NOT NULL GROUP BY pipeline
),
gone AS (
    SELECT deal_id, arg_max(pipeline, occurred_at) AS pipeline, count(DISTINCT pipeline) AS pipelines
    FROM stage_rows
    WHERE fault = 0 AND pipeline IS NOT NULL
    GROUP BY deal_id
),
known AS (
    SELECT coalesce(records.deal_id, gone.deal_id) AS deal_id,
           coalesce(records.pipeline, gone.pipeline) AS pipeline,
           coalesce(gone.pipelines, 1) AS pipelines
    FROM (SELECT deal_id, pipeline FROM records WHERE pipeline IS NOT NULL) AS records
    FULL JOIN gone ON gone.deal_id = records.deal_id
)
SELECT deal_id, coalesce(names.label, known.pipeline) AS pipeline, pipelines
FROM known LEFT JOIN names ON names.pipeline = known.pipeline

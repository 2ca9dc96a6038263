-- What a list of deals dates of each: its beginning, the entry into its present stage, and its end.
CREATE OR REPLACE TABLE standing_rows AS
WITH told AS (
    SELECT deal, stage, status, started_text, started, entered, tells_entry, position, label, word.kind AS said, by_stage,
           coalesce(word.kind, CASE WHEN by_stage THEN 'open'
                                    WHEN won_at IS NOT NULL AND lost_at IS NULL THEN 'won'
                                    WHEN lost_at IS NOT NULL AND won_at IS NULL THEN 'lost' END) AS kind,
           -- A deal that stands in the stage it ended in has ended when it came there.
           CASE WHEN by_stage THEN entered ELSE won_at END AS won_at,
           CASE WHEN by_stage THEN entered ELSE lost_at END AS lost_at, closed
    FROM standings LEFT JOIN status_words AS word ON word.raw = status
),
dated AS (
    SELECT *, CASE kind WHEN 'won' THEN coalesce(won_at, closed) WHEN 'lost' THEN coalesce(lost_at, closed) END AS ended,
           -- Within a minute of its creation a deal is put into its first stage, not moved.
           NOT tells_entry OR entered > started + INTERVAL 1 MINUTE AS moved
    FROM told
)
SELECT deal, CASE WHEN coalesce(moved, false) THEN 'Open' ELSE stage END AS stage, started_text AS entered_text,
       started AS entered, position, CASE WHEN coalesce(moved, false) THEN 'first-stage-unknown' END AS note
FROM dated WHERE started_text IS NOT NULL
UNION ALL BY NAME
SELECT deal, stage, started_text AS entered_text, entered, position FROM dated WHERE tells_entry AND moved AND NOT (by_stage AND kind IN ('won', 'lost'))
UNION ALL BY NAME
SELECT deal, coalesce(CASE WHEN said = kind THEN label END, CASE kind WHEN 'won' THEN 'Won' ELSE 'Lost' END) AS stage,
       'end' AS entered_text, kind AS ends, coalesce(ended, greatest(started, entered)) AS entered, position,
       CASE WHEN ended IS NULL THEN 'end-undated' END AS note
FROM dated WHERE kind IN ('won', 'lost') AND coalesce(ended, started, entered) IS NOT NULL
UNION ALL BY NAME
SELECT deal, NULL AS stage, NULL AS entered_text, NULL::TIMESTAMP AS entered, position, 'unknown-status' AS note
FROM dated WHERE kind IS NULL AND status IS NOT NULL

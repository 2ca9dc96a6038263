-- When each deal entered each stage, worked out from how long it stayed in them; what is said of times is kept.
CREATE OR REPLACE TABLE duration_rows AS
WITH deals AS (
    SELECT told.*, word.kind, word.label AS ending, coalesce(place.stage, told.stage) AS present,
           -- Some exports write the lengths as a Python dictionary, with single quotation marks.
           try_cast(try_cast(replace(stays, '''', '"') AS JSON) AS MAP(VARCHAR, DOUBLE)) AS lengths
    FROM stays_told AS told
    LEFT JOIN status_words AS word ON word.raw = status
    LEFT JOIN (SELECT DISTINCT ON (label) label, stage FROM stage_places ORDER BY label, stage) AS place
           ON place.label = told.stage AND told.stage NOT IN (SELECT stage FROM stage_places WHERE stage IS NOT NULL)
),
visited AS (
    SELECT deal, created, entered, position, present, stay.key AS stage, stay.value AS seconds
    FROM (SELECT *, unnest(map_entries(lengths)) AS stay FROM deals)
    WHERE stay.value > 0
),
before AS (
    SELECT visited.*,
           sum(seconds) OVER (PARTITION BY position ORDER BY place NULLS LAST, try_cast(visited.stage AS BIGINT), visited.stage
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier
    FROM visited LEFT JOIN (SELECT DISTINCT ON (stage) stage, place FROM stage_places ORDER BY stage, place) USING (stage)
    WHERE visited.stage <> present
),
elsewhere AS (
    SELECT position, sum(seconds) AS seconds FROM visited WHERE stage <> present GROUP BY position
),
now AS (
    SELECT deals.*, coalesce(entered, created + to_microseconds((coalesce(seconds, 0) * 1000000)::BIGINT)) AS came,
           coalesce(seconds, 0) AS seconds,
           created + to_microseconds((list_sum(map_values(lengths)) * 1000000)::BIGINT) AS looked_at
    FROM deals LEFT JOIN elsewhere USING (position)
)
SELECT deal, stage, 'stay' AS entered_text, created + to_microseconds((coalesce(earlier, 0) * 1000000)::BIGINT) AS entered,
       position, CASE WHEN earlier IS NOT NULL THEN 'times-reconstructed' END AS note, NULL::TIMESTAMP AS seen_until
FROM before WHERE created IS NOT NULL
UNION ALL BY NAME
SELECT deal, present AS stage, created_text AS entered_text, came AS entered, position,
       CASE WHEN entered IS NULL AND seconds > 0 THEN 'times-reconstructed' END AS note,
       CASE WHEN kind IS DISTINCT FROM 'lost' THEN looked_at END AS seen_until
FROM now
UNION ALL BY NAME
SELECT deal, ending AS stage, 'end' AS entered_text, kind AS ends, coalesce(closed, came) AS entered, position,
       CASE WHEN closed IS NULL THEN 'end-undated' END AS note
FROM now WHERE kind = 'lost' AND coalesce(closed, came) IS NOT NULL
UNION ALL BY NAME
SELECT deal, NULL AS stage, position, 'return-unseen' AS note
FROM now WHERE lengths IS NOT NULL AND entered > created + to_microseconds((seconds * 1000000)::BIGINT) + INTERVAL 1 MINUTE
UNION ALL BY NAME
SELECT deal, NULL AS stage, position, 'unreadable-durations' AS note FROM now WHERE lengths IS NULL AND stays IS NOT NULL

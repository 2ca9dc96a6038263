-- When each deal first moved on into a stage or past it, from which stage, and whether it took the stage.
CREATE OR REPLACE TABLE decisions AS
WITH walked AS (
    SELECT variant, unnest(range(1, len(path) + 1)) AS position, unnest(path) AS code FROM variants
),
reached AS (
    SELECT walked.variant,
           walked.position,
           walked.code,
           stage_names.class,
           lag(walked.code) OVER so_far AS came_from,
           lag(stage_names.class) OVER so_far AS came_from_class,
           max(walked.code) FILTER (WHERE stage_names.class = 'open') OVER (
               PARTITION BY walked.variant ORDER BY walked.position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ) AS furthest
    FROM walked
    JOIN stage_names ON stage_names.code = walked.code
    WINDOW so_far AS (PARTITION BY walked.variant ORDER BY walked.position)
),
choices AS (
    SELECT subject.code::INTEGER AS practice,
           reached.variant,
           reached.position,
           reached.came_from,
           reached.code = subject.code AS done
    FROM reached
    JOIN stage_names AS subject
      ON subject.class = 'open' AND subject.code > reached.furthest AND subject.code <= reached.code
    WHERE reached.class = 'open' AND reached.came_from_class = 'open'
)
SELECT choices.practice,
       paths.deal,
       make_timestamp(paths.steps[choices.position] >> 10) AS moment,
       choices.came_from,
       choices.done
FROM choices
JOIN deal_variants ON deal_variants.variant = choices.variant
JOIN paths ON paths.deal = deal_variants.deal
WHERE paths.close_step IS NULL OR choices.position < paths.close_step

-- Work on deals by activities that have a start and an end; those without took no time.
-- That a deal began is told as if it were work of nobody, so that the first work on it could have begun then.
CREATE OR REPLACE TABLE work_done AS
SELECT deal, coalesce(trim(name), trim(subject), 'activity') AS activity, nullif(trim(actor), '') AS resource,
       epoch_us(coalesce(started_at, occurred_at)) AS began, epoch_us(coalesce(ended_at, occurred_at)) AS ended,
       started_at IS NOT NULL AS has_start
FROM task_events
WHERE ended_at IS NULL OR ended_at <= $as_of
UNION ALL
SELECT deal, 'beginning', NULL, epoch_us(first_at), epoch_us(first_at), false FROM deals WHERE first_at IS NOT NULL

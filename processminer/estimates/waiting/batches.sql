-- Work of one kind that somebody let gather and then did in one go: until when each piece waited for the last of the others.
-- In one go is at the same time or one right after the other ($right_after microseconds), all of it ready when the first was
-- begun; and whoever did it had been free before: who comes from other work to a heap did not let it gather.
CREATE OR REPLACE TABLE batches AS
WITH mine AS (
    SELECT * FROM work_items WHERE resource IS NOT NULL AND has_start AND enabled IS NOT NULL
),
ordered AS (
    SELECT *,
           lag(activity) OVER who AS last_activity,
           max(ended) OVER (PARTITION BY resource ORDER BY began, item ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS last_ended,
           lag(began) OVER who AS last_began
    FROM mine
    WINDOW who AS (PARTITION BY resource ORDER BY began, item)
),
breaks AS (
    SELECT *,
           CASE WHEN last_activity = activity AND (began <= last_ended + $right_after OR began = last_began) THEN 0 ELSE 1 END AS breaks,
           last_ended IS NULL OR began > last_ended + $right_after AS was_free
    FROM ordered
),
runs AS (
    SELECT *, sum(breaks) OVER (PARTITION BY resource ORDER BY began, item ROWS UNBOUNDED PRECEDING) AS run FROM breaks
),
started AS (
    SELECT *, min(began) OVER one_go AS first_began, bool_or(breaks = 1 AND was_free) OVER one_go AS from_rest
    FROM runs
    WINDOW one_go AS (PARTITION BY resource, run)
),
gathered AS (
    SELECT resource, run, max(enabled) AS ready
    FROM started
    WHERE from_rest AND enabled <= first_began
    GROUP BY resource, run
    HAVING count(*) > 1
)
SELECT started.item, gathered.ready
FROM started
JOIN gathered ON gathered.resource = started.resource AND gathered.run = started.run
WHERE started.enabled <= started.first_began

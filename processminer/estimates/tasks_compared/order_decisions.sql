-- Which of two tasks deals did first, at the moment they did it, whether or not the other one followed: a deal that fails
-- the first never comes to the second. What was done at one moment has no order.
CREATE OR REPLACE TABLE decisions AS
WITH done AS (
    SELECT pair_asked.practice, pair_asked.code, tasks_first_done.deal,
           min(done_at) FILTER (task = pair_asked.one) AS one_at,
           min(done_at) FILTER (task = pair_asked.other) AS other_at
    FROM pair_asked
    JOIN tasks_first_done ON tasks_first_done.task IN (pair_asked.one, pair_asked.other)
    GROUP BY pair_asked.practice, pair_asked.code, tasks_first_done.deal
)
SELECT practice,
       deal,
       least(one_at, other_at) AS moment,
       code AS came_from,
       coalesce(one_at < other_at, one_at IS NOT NULL) AS done,
       one_at IS NOT NULL AND other_at IS NOT NULL AS did_both
FROM done
WHERE one_at IS NULL OR other_at IS NULL OR one_at <> other_at

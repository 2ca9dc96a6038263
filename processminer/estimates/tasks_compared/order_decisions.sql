-- Which of two tasks deals did first, at the moment they did it; what was done at one moment has no order.
CREATE OR REPLACE TABLE decisions AS
SELECT pair_asked.practice,
       one.deal,
       least(one.done_at, other.done_at) AS moment,
       pair_asked.code AS came_from,
       one.done_at < other.done_at AS done
FROM pair_asked
JOIN tasks_first_done AS one ON one.task = pair_asked.one
JOIN tasks_first_done AS other ON other.task = pair_asked.other AND other.deal = one.deal
WHERE one.done_at <> other.done_at

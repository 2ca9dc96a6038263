-- How many deals did two tasks in each order, and how many did at least one of them.
WITH either AS (
    SELECT pair_asked.practice, count(DISTINCT tasks_first_done.deal) AS deals
    FROM pair_asked
    JOIN tasks_first_done ON tasks_first_done.task IN (pair_asked.one, pair_asked.other)
    GROUP BY pair_asked.practice
)
SELECT decisions.practice, count(*) FILTER (done) AS turned, count(*) FILTER (NOT done) AS declared, any_value(either.deals)
FROM decisions
JOIN either ON either.practice = decisions.practice
GROUP BY decisions.practice
ORDER BY decisions.practice

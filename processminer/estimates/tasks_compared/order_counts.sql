-- How many deals did two tasks in each order, how many began with one of them, and how many did both.
SELECT practice,
       count(*) FILTER (did_both AND done) AS turned,
       count(*) FILTER (did_both AND NOT done) AS declared,
       count(*) AS begun
FROM decisions
GROUP BY practice
ORDER BY practice

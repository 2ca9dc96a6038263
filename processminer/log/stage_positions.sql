-- Where in their path deals usually meet each stage: the mean position, 1 being the start.
SELECT step & 1023 AS code, avg(position) AS mean_position
FROM (SELECT unnest(steps) AS step, unnest(range(1, len(steps) + 1)) AS position FROM packed)
GROUP BY code
ORDER BY code

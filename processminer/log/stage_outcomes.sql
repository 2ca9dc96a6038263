-- What the deals' own records say of the stage they stand in: how many, how many of them closed, how many won.
SELECT stage, count(*) AS deals, count(*) FILTER (WHERE is_closed OR is_won) AS closed, count(*) FILTER (WHERE is_won) AS won
FROM records
WHERE stage IS NOT NULL AND is_won IS NOT NULL
GROUP BY stage
ORDER BY stage

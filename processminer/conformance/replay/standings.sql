-- How many deals stand how, how they ended, and the first few of them by name.
SELECT standing,
       count(*) AS deals,
       count(*) FILTER (WHERE outcome = 'won') AS won,
       count(*) FILTER (WHERE outcome = 'lost') AS lost,
       count(*) FILTER (WHERE outcome = 'open') AS open,
       min(deal_id, 5) AS examples
FROM replayed
GROUP BY standing
ORDER BY standing

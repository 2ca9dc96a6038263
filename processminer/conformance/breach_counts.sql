-- How many deals broke each rule, how they ended, and the first few of them by name.
SELECT breach,
       count(*) AS deals,
       count(*) FILTER (WHERE outcome = 'won') AS won,
       count(*) FILTER (WHERE outcome = 'lost') AS lost,
       count(*) FILTER (WHERE outcome = 'open') AS open,
       min(deal_id, 5) AS examples
FROM deal_breaches
JOIN deals USING (deal)
GROUP BY breach
ORDER BY breach

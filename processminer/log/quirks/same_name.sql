-- Deals that share their name with another deal.
WITH shared AS (
    SELECT lower(name) AS name FROM records WHERE name IS NOT NULL GROUP BY lower(name) HAVING count(*) > 1
)
SELECT 'same-name', count(*), count(*), coalesce(min(deal_id, $most), []), NULL
FROM records
WHERE lower(name) IN (SELECT name FROM shared)

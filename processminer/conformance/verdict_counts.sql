-- How many deals follow the playbook, break it, or may still do either.
SELECT verdict, count(*) AS deals
FROM deal_verdicts
GROUP BY verdict
ORDER BY verdict

-- How many deals each version of the playbook judged, and how many of them entered before any version was in force.
SELECT version, count(*) AS deals, count(*) FILTER (WHERE before_any) AS before_any
FROM deal_verdicts
JOIN deal_versions USING (deal)
GROUP BY version
ORDER BY version

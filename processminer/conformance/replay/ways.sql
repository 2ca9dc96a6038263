-- The different ways in which deals leave the playbook.
SELECT DISTINCT kind, subject, stage
FROM deal_deviations
ORDER BY kind, subject, stage NULLS FIRST

-- Which version of the playbook judges each deal: the one in force when it entered, the oldest where none was yet.
CREATE OR REPLACE TABLE deal_versions AS
WITH entered AS (
    SELECT deal, coalesce(first_at, created_at) AS entered_at FROM deals
)
SELECT deal,
       coalesce(min(version), (SELECT max(version) FROM playbook_versions)) AS version,
       count(version) = 0 AS before_any
FROM entered
LEFT JOIN playbook_versions ON valid_from IS NULL OR entered_at >= valid_from
GROUP BY deal
ORDER BY deal

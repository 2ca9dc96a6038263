-- Which role or team each owner of deals has, as the export says it for most of their deals; of its spellings, the usual one.
-- What is the name of an owner is no role.
CREATE OR REPLACE TABLE person_roles AS
WITH said AS (
    SELECT owner, trim(value) AS role, lower(trim(value)) AS role_key
    FROM deals JOIN attributes USING (deal)
    WHERE owner IS NOT NULL AND attribute IN (SELECT unnest($columns::VARCHAR[])) AND trim(value) <> ''
      AND value NOT IN (SELECT owner FROM deals WHERE owner IS NOT NULL)
),
spelled AS (
    SELECT role_key, mode(role ORDER BY role) AS role FROM said GROUP BY role_key
),
usual AS (
    SELECT owner, mode(role_key ORDER BY role_key) AS role_key FROM said GROUP BY owner
)
SELECT usual.owner, spelled.role FROM usual JOIN spelled USING (role_key)

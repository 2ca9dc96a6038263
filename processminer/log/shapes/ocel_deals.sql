-- The objects that are deals, with who owns them: the person that a deal is linked to, the first by name of several.
CREATE OR REPLACE TABLE ocel_deals AS
WITH named AS (
    SELECT people.id, coalesce(min(told.value) FILTER (WHERE lower(told.name) IN ('name', 'full name', 'label')), people.id) AS name
    FROM ocel_objects AS people LEFT JOIN ocel_object_values AS told ON told.id = people.id
    WHERE list_contains($people, people.type)
    GROUP BY people.id
),
owned AS (
    SELECT links.id, min(named.name) AS owner
    FROM ocel_object_objects AS links JOIN named ON named.id = links.object
    GROUP BY links.id
)
SELECT deals.id, owned.owner, deals.position
FROM ocel_objects AS deals LEFT JOIN owned ON owned.id = deals.id
WHERE deals.type = $type
ORDER BY deals.position

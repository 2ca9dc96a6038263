-- The objects that are deals, with who owns them: the person that a deal is linked to, the first by name of several.
CREATE OR REPLACE TABLE ocel_deals AS
WITH owned AS (
    SELECT links.id, min(named.name) AS owner
    FROM ocel_object_objects AS links JOIN ocel_people AS named ON named.id = links.object
    GROUP BY links.id
)
SELECT deals.id, owned.owner, deals.position
FROM ocel_objects AS deals LEFT JOIN owned ON owned.id = deals.id
WHERE deals.type = $type
ORDER BY deals.position

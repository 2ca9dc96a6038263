-- The objects that are people, and what each is called.
CREATE OR REPLACE TABLE ocel_people AS
SELECT people.id, coalesce(min(told.value) FILTER (WHERE lower(told.name) IN ('name', 'full name', 'label')), people.id) AS name
FROM ocel_objects AS people LEFT JOIN ocel_object_values AS told ON told.id = people.id
WHERE list_contains($people, people.type)
GROUP BY people.id

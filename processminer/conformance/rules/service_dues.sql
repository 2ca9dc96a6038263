-- Tasks of service stages are owed from their beginning on, and due when the deal leaves them.
INSERT INTO stage_dues
SELECT deal, place, began_at, left_at, left_at IS NULL
FROM service_begun
WHERE began_at IS NOT NULL

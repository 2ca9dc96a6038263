-- Time in service stages is measured as in other stages, where the log tells by changes of stage when it began and ended.
INSERT INTO rule_stays
SELECT deal, place, began_at, left_at, true,
       (place, deal, began_at) IN (SELECT (place, deal, began_at) FROM service_signs WHERE moved)
FROM service_begun
WHERE began_at IS NOT NULL

-- A first stay that had begun before the history did has no length of its own: short ones of its kind were never seen.
UPDATE stays
SET timed = false
FROM late_stays
WHERE stays.deal = late_stays.deal AND stays.position = 1

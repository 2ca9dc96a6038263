-- A stay that begins or ends at a moment that is not the deal's (a clean-up, an import) has no length that means anything.
UPDATE stays
SET timed = false
FROM untimed_steps
WHERE stays.deal = untimed_steps.deal AND stays.position IN (untimed_steps.place, untimed_steps.place - 1)

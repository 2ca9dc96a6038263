-- Deals whose first event or whose closing is dated by something else than the deal, or that had begun before the history did:
-- their whole length is not known.
CREATE OR REPLACE VIEW untimed_leads AS
SELECT DISTINCT untimed_steps.deal
FROM untimed_steps
JOIN paths ON paths.deal = untimed_steps.deal
WHERE untimed_steps.place = 1 OR untimed_steps.place = paths.close_step
UNION
SELECT late_stays.deal FROM late_stays

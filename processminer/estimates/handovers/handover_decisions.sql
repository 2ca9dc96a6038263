-- Deals that were still in the stage some days after they came to it, and whether they had been taken over by then. What was
-- known of them is looked up as they came: who owns them later is the hand-over itself.
CREATE OR REPLACE TABLE decisions AS
SELECT handed.practice, handed.deal, handed.entered_at AS moment, handed.code AS came_from,
       coalesce(handed.taken_at <= handed.entered_at + to_microseconds(handover_within.us), false) AS done
FROM handed
JOIN handover_within ON handover_within.practice = handed.practice
WHERE handed.entered_at + to_microseconds(handover_within.us) <= $as_of
  AND (handed.left_at IS NULL OR handed.left_at > handed.entered_at + to_microseconds(handover_within.us))

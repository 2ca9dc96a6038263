-- Deals that owe what a stage asks for since they went on from it, and open ones that may still do it.
CREATE OR REPLACE TABLE stage_dues AS
SELECT deal, place,
       min(entered_at) AS entered_at,
       max(left_at) FILTER (WHERE moved_on) AS left_at,
       bool_or(still) OR NOT bool_or(moved_on) AS pending
FROM declared_stays
JOIN deals USING (deal)
GROUP BY deal, place
HAVING bool_or(moved_on) OR any_value(outcome) = 'open'

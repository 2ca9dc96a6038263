-- Each deviation of a deal that is accepted, by the first acceptance in force that is for it.
CREATE OR REPLACE TABLE excused AS
SELECT deal, kind, subject, stage, min(acceptance) AS acceptance
FROM accepted_matches
JOIN acceptances USING (acceptance)
WHERE NOT expired
GROUP BY deal, kind, subject, stage
ORDER BY deal, kind, subject, stage

-- Which deviations of which deals each acceptance is for: the deals that have one of the values of everything it asks.
CREATE OR REPLACE TABLE accepted_matches AS
WITH told AS (
    SELECT deal, attribute, value FROM attributes
    UNION
    SELECT deal, 'owner', owner FROM deals
    UNION
    SELECT deal, 'pipeline', pipeline FROM deals
),
meets AS (
    SELECT acceptance, deal
    FROM told JOIN acceptance_values USING (attribute, value)
    JOIN acceptances USING (acceptance)
    GROUP BY acceptance, deal
    HAVING count(DISTINCT asked) = any_value(asks)
)
SELECT acceptance, deal, kind, subject, stage
FROM every_deviation
JOIN acceptance_kinds USING (kind, subject)
JOIN acceptances USING (acceptance)
WHERE asks = 0 OR (acceptance, deal) IN (SELECT (acceptance, deal) FROM meets)

-- What each deal broke, by name.
CREATE OR REPLACE TABLE deal_deviations AS
SELECT deal, kind, subject, stage
FROM deal_breaches
JOIN breaches USING (breach)
ORDER BY deal, breach

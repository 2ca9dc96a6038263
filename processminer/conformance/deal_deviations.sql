-- What each deal broke, by name.
CREATE OR REPLACE VIEW deal_deviations AS
SELECT deal, kind, subject, stage
FROM deal_breaches
JOIN breaches USING (breach)

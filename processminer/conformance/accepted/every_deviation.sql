-- What each deal broke, accepted or not.
CREATE OR REPLACE TABLE every_deviation AS
SELECT deal, kind, subject, stage FROM deal_deviations

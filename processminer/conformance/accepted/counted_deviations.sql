-- What each deal broke that is not accepted.
CREATE OR REPLACE VIEW deal_deviations AS
SELECT deal, kind, subject, stage
FROM every_deviation
WHERE NOT EXISTS (
    SELECT 1 FROM excused
    WHERE excused.deal = every_deviation.deal AND excused.kind = every_deviation.kind
      AND excused.subject = every_deviation.subject AND excused.stage IS NOT DISTINCT FROM every_deviation.stage
)

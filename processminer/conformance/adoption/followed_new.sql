-- Of the deals that came to what a new rule asks, which ones keep it.
CREATE OR REPLACE TABLE followed_new AS
SELECT DISTINCT reached.deal, reached.kind, reached.subject, reached.stage, broken.deal IS NULL AS follows
FROM deal_reaches AS reached
LEFT JOIN deal_deviations AS broken
     ON broken.deal = reached.deal AND broken.kind = reached.kind AND broken.subject = reached.subject
        AND broken.stage IS NOT DISTINCT FROM reached.stage

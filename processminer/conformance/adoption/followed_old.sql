-- Of the deals that came to what an old rule asked, which ones do otherwise.
CREATE OR REPLACE TABLE followed_old AS
SELECT DISTINCT reached.deal, reached.kind, reached.subject, reached.stage, broken.deal IS NOT NULL AS follows
FROM deal_reaches AS reached
LEFT JOIN deal_deviations AS broken
     ON broken.deal = reached.deal AND broken.kind = reached.kind AND broken.subject = reached.subject
        AND broken.stage IS NOT DISTINCT FROM reached.stage

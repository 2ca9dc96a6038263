-- Deals that count by their outcome alone, as was found when the log was written, and why.
CREATE OR REPLACE TABLE pathless AS
SELECT deal_id, left_out AS why
FROM stored_deals JOIN deals USING (deal_id)
WHERE left_out IS NOT NULL AND stored_deals.fault = 0 AND deals.deal NOT IN (SELECT deal FROM paths)
ORDER BY deal_id

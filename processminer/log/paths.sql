-- The path of each deal, numbered as the deals are.
CREATE OR REPLACE TABLE paths AS
SELECT deals.deal, packed.steps, ends.close_step
FROM packed JOIN deals USING (deal_id) JOIN ends USING (deal_id)
ORDER BY deals.deal

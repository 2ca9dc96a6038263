-- Every change of the owner of a deal.
CREATE OR REPLACE TABLE owner_changes AS
SELECT deals.deal, occurred_at, position, old, new
FROM field_rows JOIN deals USING (deal_id)
WHERE field = 'owner'

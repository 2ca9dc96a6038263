-- Every change of the fields that criteria look at.
CREATE OR REPLACE TABLE criterion_changes AS
SELECT deals.deal, field AS changed, occurred_at, position, old, new
FROM field_rows JOIN deals USING (deal_id)
WHERE field IN (SELECT changed FROM criterion_histories)

-- Every change of an owner, an amount or another field of a deal, before and after, in the order of time.
CREATE OR REPLACE TABLE clean_field_events AS
SELECT deal, deal_id, row_number() OVER (PARTITION BY deal ORDER BY occurred_at, field_rows.position, field) AS step,
       occurred_at, field, old, new, actor
FROM field_rows JOIN deals USING (deal_id)

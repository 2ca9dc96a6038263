-- The changes of fields that a clean log holds, and those of them that can be used.
CREATE OR REPLACE TABLE stored_fields AS
SELECT *, CASE WHEN occurred_at IS NULL OR field IS NULL OR deal_id IS NULL OR occurred_at > $as_of
                 OR deal_id NOT IN (SELECT deal_id FROM deals) THEN 1 ELSE 0 END::UTINYINT AS fault
FROM stored_fields;
CREATE OR REPLACE VIEW field_rows AS SELECT * EXCLUDE (fault) FROM stored_fields WHERE fault = 0

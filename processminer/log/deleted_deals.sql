-- What happened to deals that the export marks as deleted is set aside with them.
UPDATE stage_rows SET fault = 5 WHERE fault = 0 AND deal_id IN (SELECT deal_id FROM deleted_records)

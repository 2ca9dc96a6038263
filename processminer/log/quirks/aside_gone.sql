-- What is left of the records.
DELETE FROM records WHERE deal_id IN (SELECT deal_id FROM records_aside)

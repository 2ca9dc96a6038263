-- Every deal of the export but those asked for.
INSERT INTO deals_aside
SELECT deal_id, $fault
FROM (SELECT deal_id FROM stage_rows WHERE fault = 0 UNION SELECT deal_id FROM records)
WHERE deal_id NOT IN (SELECT deal_id FROM selected)

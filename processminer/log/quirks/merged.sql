-- Deals that live on in another one, of which the log knows something.
SELECT deal_id, min(survivor)
FROM merged_deals
WHERE deal_id IN (SELECT deal_id FROM stage_rows WHERE fault = 0) OR deal_id IN (SELECT deal_id FROM records)
GROUP BY deal_id
ORDER BY deal_id

-- The deals of a clean log as records, which speak for those without a path; the last row of a deal counts.
ALTER TABLE stored_deals ADD COLUMN fault UTINYINT DEFAULT 0;
UPDATE stored_deals SET fault = 1
WHERE deal_id IS NULL OR position NOT IN (SELECT max(position) FROM stored_deals WHERE deal_id IS NOT NULL GROUP BY deal_id);
INSERT INTO records BY NAME
SELECT deal_id, name, pipeline, amount, currency, owner, created_at, closed_at AS close_date,
       outcome IN ('won', 'lost') AS is_closed, coalesce(outcome = 'won', false) AS is_won, position, false AS deleted
FROM stored_deals
WHERE fault = 0

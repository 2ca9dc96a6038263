-- The steps that the records add to the histories.
INSERT INTO stage_rows BY NAME SELECT deal_id, occurred_at, code, 0 AS fault FROM lagging

-- Deals into which others were merged carry the histories of both.
INSERT INTO pathless
SELECT DISTINCT survivor, 'merged' FROM merged_deals WHERE survivor IN (SELECT deal_id FROM deal_histories)

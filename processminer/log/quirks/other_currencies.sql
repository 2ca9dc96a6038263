-- Deals whose amount is in another currency than most.
INSERT INTO other_currencies SELECT deal_id FROM records WHERE amount IS NOT NULL AND currency <> $usual

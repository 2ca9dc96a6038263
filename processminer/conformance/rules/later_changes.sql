-- Changes after the moment at which we look: what the field was until then is known by them.
INSERT INTO criterion_changes
SELECT deals.deal, field AS changed, occurred_at, position, old, new
FROM field_changes JOIN deals USING (deal_id)
WHERE fault = 3 AND field IN (SELECT changed FROM criterion_histories)

-- Changes of owners after the moment at which we look: whose the deal was until then is known by them.
INSERT INTO owner_changes
SELECT deals.deal, occurred_at, position, old, new
FROM field_changes JOIN deals USING (deal_id)
WHERE fault = 3 AND field = 'owner'

-- Deals that went from one owner to another.
SELECT 'owner-changes', count(DISTINCT deal_id), count(DISTINCT deal_id), coalesce(list(DISTINCT deal_id ORDER BY deal_id)[:$most], []), NULL
FROM field_rows
WHERE field = 'owner' AND old IS NOT NULL AND new IS DISTINCT FROM old AND deal_id IN (SELECT deal_id FROM deals)

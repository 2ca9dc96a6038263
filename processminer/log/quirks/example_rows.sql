-- The last row of the history of each deal that stands as an example.
SELECT deal_id, arg_max(position, occurred_at)
FROM stage_rows
WHERE deal_id IN (SELECT deal_id FROM example_deals) AND position IS NOT NULL
GROUP BY deal_id
ORDER BY deal_id

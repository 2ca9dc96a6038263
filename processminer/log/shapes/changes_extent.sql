-- How many changes of a stage there are, and when the last change of any field was made.
SELECT count(*) FILTER (WHERE field = 'stage'), max(occurred_at) FILTER (WHERE deal_id IS NOT NULL AND NOT deleted)
FROM all_changes

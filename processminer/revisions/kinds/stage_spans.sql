-- When deals first and last came into each open stage, by its name in the log.
SELECT stage_names.stage, min(stays.entered_at) AS first_at, max(stays.entered_at) AS last_at
FROM stays
JOIN stage_names ON stage_names.code = stays.stage AND stage_names.class = 'open'
WHERE NOT stays.after_close
GROUP BY stage_names.stage
ORDER BY stage_names.stage

-- How long the exemplary deals stayed in each stage until they were won.
SELECT stays.deal, stays.position, (epoch_us(stays.left_at) - epoch_us(stays.entered_at)) / 86400000000.0 AS days
FROM stays
JOIN stage_names ON stage_names.code = stays.stage
WHERE stays.deal IN (SELECT unnest($deals::INTEGER[])) AND NOT stays.after_close AND stage_names.class = 'open'
ORDER BY stays.deal, stays.position

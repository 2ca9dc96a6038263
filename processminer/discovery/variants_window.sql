-- The paths that deals share, told by joining their stages in order: the plain form, for other engines.
SELECT path, count(*) AS deals
FROM (SELECT deal_id, string_agg(stage, ' > ' ORDER BY occurred_at) AS path FROM changes GROUP BY deal_id) AS walked
GROUP BY path
ORDER BY deals DESC, path

-- Deals that later looks no longer show, though the last look at them did not show them won or lost.
SELECT count(*), coalesce(min(deal, $most), [])
FROM (SELECT deal, max(looked_at) AS last_seen, arg_max(stage, (looked_at, position)) AS stage
      FROM snapshot_rows WHERE deal IS NOT NULL AND looked_at IS NOT NULL GROUP BY deal)
WHERE last_seen < (SELECT max(looked_at) FROM snapshot_rows) AND NOT list_contains($ended, stage)

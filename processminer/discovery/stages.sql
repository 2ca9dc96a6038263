-- What passed through each stage: deals and visits, those in it now, those that began or ended there.
WITH stops AS (
    SELECT variant, deals, won, lost, open, close_step, len(path) AS steps,
           unnest(path) AS stage, unnest(range(1, len(path) + 1)) AS position
    FROM variants
),
visited AS (
    SELECT stage, variant,
           count(*) AS times,
           any_value(deals) AS deals,
           any_value(won) AS won,
           any_value(lost) AS lost,
           CASE WHEN bool_or(position = steps) THEN any_value(open) ELSE 0 END AS open,
           CASE WHEN bool_or(position = 1) THEN any_value(deals) ELSE 0 END AS starts,
           bool_or(coalesce(position + 1 = close_step, false)) AS closes
    FROM stops
    GROUP BY stage, variant
)
SELECT stage_names.stage,
       stage_names.class,
       coalesce(sum(deals), 0)::BIGINT AS deals,
       coalesce(sum(times * deals), 0)::BIGINT AS visits,
       coalesce(sum(open), 0)::BIGINT AS open,
       coalesce(sum(starts), 0)::BIGINT AS starts,
       coalesce(sum(lost) FILTER (WHERE closes), 0)::BIGINT AS lost_here,
       coalesce(sum(won) FILTER (WHERE closes), 0)::BIGINT AS won_here,
       coalesce(sum(won), 0)::BIGINT AS won,
       coalesce(sum(lost), 0)::BIGINT AS lost
FROM stage_names LEFT JOIN visited ON visited.stage = stage_names.code
GROUP BY stage_names.code, stage_names.stage, stage_names.class
ORDER BY stage_names.code

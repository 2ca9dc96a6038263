-- What passed through each stage: deals and visits, those in it now, those that began or ended there.
WITH visited AS (
    SELECT stage, stays.deal, count(*) AS visits, min(position) AS first_position,
           bool_or(left_at IS NULL AND deals.outcome = 'open') AS is_in_it,
           bool_or(lead_in.close_step = position + 1) AS closed_from_it
    FROM stays JOIN deals USING (deal) JOIN paths AS lead_in USING (deal)
    GROUP BY stage, stays.deal
)
SELECT stage_names.stage,
       stage_names.class,
       count(visited.deal) AS deals,
       coalesce(sum(visits), 0)::BIGINT AS visits,
       count(*) FILTER (WHERE is_in_it) AS open,
       count(*) FILTER (WHERE first_position = 1) AS starts,
       count(*) FILTER (WHERE closed_from_it AND outcome = 'lost') AS lost_here,
       count(*) FILTER (WHERE closed_from_it AND outcome = 'won') AS won_here,
       count(*) FILTER (WHERE outcome = 'won') AS won,
       count(*) FILTER (WHERE outcome = 'lost') AS lost
FROM stage_names
LEFT JOIN visited ON visited.stage = stage_names.code
LEFT JOIN deals USING (deal)
GROUP BY stage_names.code, stage_names.stage, stage_names.class
ORDER BY stage_names.code

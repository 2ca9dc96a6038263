-- Won deals that went the way most of them go: how long they took, what was done for them, the most telling of each segment first.
-- Most telling is who lacks fewest of the usual activities and took most nearly as long as half of all won deals.
WITH lead_times AS (
    SELECT deal, epoch_us(closed_at) - epoch_us(first_at) AS us
    FROM deals JOIN paths USING (deal)
    WHERE outcome = 'won' AND close_step > 1 AND deal NOT IN (SELECT deal FROM untimed_leads)
),
usual AS (
    SELECT greatest(quantile_cont(us, 0.5), 1) AS us FROM lead_times
),
candidates AS (
    SELECT lead_times.deal, variant, lead_times.us, abs(ln(greatest(lead_times.us, 1) / usual.us)) AS off
    FROM lead_times
    JOIN deal_variants USING (deal)
    CROSS JOIN usual
    WHERE variant IN (SELECT unnest($variants::INTEGER[]))
),
touches AS (
    SELECT task_events.deal, task_events.name, count(*) AS times
    FROM task_events
    JOIN candidates USING (deal)
    JOIN deals USING (deal)
    WHERE task_events.occurred_at <= deals.closed_at AND task_events.name IS NOT NULL
    GROUP BY task_events.deal, task_events.name
),
touched AS (
    SELECT deal, sum(times)::BIGINT AS times,
           count(*) FILTER (WHERE name IN (SELECT unnest($tasks::VARCHAR[]))) AS usual_ones,
           list({'name': name, 'times': times} ORDER BY times DESC, name) AS told
    FROM touches
    GROUP BY deal
),
segments AS (
    SELECT deal, min(value) AS segment FROM attributes WHERE attribute = $segment GROUP BY deal
),
ranked AS (
    SELECT candidates.deal, candidates.variant, candidates.us, segments.segment, touched.times, touched.told,
           row_number() OVER (
               PARTITION BY segments.segment
               ORDER BY coalesce(touched.usual_ones, 0) DESC, round(candidates.off, 9), candidates.us,
                        coalesce(touched.times, 0) DESC, deals.deal_id
           ) AS rank,
           count(*) OVER (PARTITION BY segments.segment) AS alike,
           deals.deal_id
    FROM candidates
    JOIN deals USING (deal)
    LEFT JOIN segments USING (deal)
    LEFT JOIN touched USING (deal)
)
SELECT deal_id, variant, segment, us / 86400000000.0 AS days, coalesce(times, 0) AS touch_points,
       coalesce(list_transform(told, lambda one: one.name), []) AS names,
       coalesce(list_transform(told, lambda one: one.times), []) AS times
FROM ranked
WHERE rank <= $most
ORDER BY rank, alike DESC, segment NULLS LAST
LIMIT $most

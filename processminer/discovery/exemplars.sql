-- Of each segment the won deals that went its usual way, with its usual activities, in nearly its usual time.
WITH parted AS (
    SELECT deal, min(value) AS segment FROM attributes WHERE attribute = $segment GROUP BY deal
),
won AS (
    SELECT deals.deal, deals.deal_id, deals.closed_at, parted.segment, won_ways.way,
           epoch_us(deals.closed_at) - epoch_us(deals.first_at) AS us
    FROM deals
    JOIN paths ON paths.deal = deals.deal AND paths.close_step > 1
    JOIN deal_variants ON deal_variants.deal = deals.deal
    JOIN won_ways ON won_ways.variant = deal_variants.variant
    LEFT JOIN parted ON parted.deal = deals.deal
    WHERE deals.outcome = 'won'
      AND deals.deal NOT IN (SELECT deal FROM untimed_leads)
      AND deals.deal NOT IN (SELECT deal FROM stays WHERE NOT timed)
),
segments AS (
    SELECT segment, count(*) AS deals, greatest(quantile_cont(us, 0.5), 1) AS us FROM won GROUP BY segment
),
ways AS (
    SELECT segment, way, count(*) AS went,
           row_number() OVER (PARTITION BY segment ORDER BY count(*) DESC, way) AS rank
    FROM won
    GROUP BY segment, way
),
-- The most travelled way, and the next ones where too few deals went it.
usual_ways AS (
    SELECT segment, way, went, rank,
           coalesce(sum(went) OVER (
               PARTITION BY segment ORDER BY rank ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ), 0) AS before
    FROM ways
),
done AS (
    SELECT DISTINCT won.deal, won.segment, task_events.name
    FROM won
    JOIN task_events ON task_events.deal = won.deal
    WHERE task_events.occurred_at <= won.closed_at AND task_events.name IS NOT NULL
),
usual_tasks AS (
    SELECT done.segment, done.name
    FROM done
    JOIN segments ON segments.segment IS NOT DISTINCT FROM done.segment
    GROUP BY done.segment, done.name
    HAVING 2 * count(*) >= any_value(segments.deals)
),
shown AS (
    SELECT done.deal, count(*) AS tasks
    FROM done
    JOIN usual_tasks ON usual_tasks.segment IS NOT DISTINCT FROM done.segment AND usual_tasks.name = done.name
    GROUP BY done.deal
),
ranked AS (
    SELECT won.deal, won.deal_id, won.segment, won.us / 86400000000.0 AS days, segments.us / 86400000000.0 AS usual_days,
           usual_ways.went, segments.deals AS of_deals, won.way,
           row_number() OVER (
               PARTITION BY won.segment
               ORDER BY usual_ways.rank, coalesce(shown.tasks, 0) DESC,
                        round(abs(ln(greatest(won.us, 1) / segments.us)), 9), won.deal_id
           ) AS rank
    FROM won
    JOIN segments ON segments.segment IS NOT DISTINCT FROM won.segment
    JOIN usual_ways ON usual_ways.segment IS NOT DISTINCT FROM won.segment AND usual_ways.way = won.way
    LEFT JOIN shown ON shown.deal = won.deal
    WHERE usual_ways.before < $fewest
)
SELECT deal, deal_id, segment, days, usual_days, went, of_deals, way
FROM ranked
WHERE rank <= $each
ORDER BY of_deals DESC, segment NULLS LAST, rank

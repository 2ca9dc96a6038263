-- Of the deals that closed within so many days of their beginning, how many of the older and of the newer half took the paths
-- that were the most frequent of the older half.
WITH ended AS (
    SELECT deals.deal, deal_variants.variant, ntile(2) OVER (ORDER BY deals.first_at, deal_variants.variant) AS half
    FROM deals
    JOIN paths ON paths.deal = deals.deal
    JOIN deal_variants ON deal_variants.deal = deals.deal
    WHERE paths.close_step > 1
      AND epoch_us(deals.closed_at) - epoch_us(deals.first_at) <= $days * 86400000000
      AND epoch_us($as_of::TIMESTAMP) - epoch_us(deals.first_at) >= $days * 86400000000
),
top AS (
    SELECT variant FROM ended WHERE half = 1 GROUP BY variant ORDER BY count(*) DESC, variant LIMIT $top
)
SELECT half, count(*) AS deals, count(*) FILTER (WHERE variant IN (SELECT variant FROM top)) AS on_top
FROM ended
GROUP BY half
ORDER BY half

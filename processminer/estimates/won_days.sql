-- How long won deals took from their first event, half of them at most, and between which two of them that median lies.
WITH lasted AS (
    SELECT (epoch_us(closed_at) - epoch_us(first_at)) / 86400000000.0 AS days
    FROM deals JOIN paths USING (deal)
    WHERE outcome = 'won' AND close_step > 1 AND deals.deal NOT IN (SELECT deal FROM untimed_leads)
),
ordered AS (
    SELECT list(days ORDER BY days) AS days, count(*) AS deals, quantile_cont(days, 0.5) AS median FROM lasted
),
ranked AS (
    SELECT *,
           floor((deals - $z * sqrt(deals)) / 2)::INTEGER AS low,
           ceil((deals + $z * sqrt(deals)) / 2)::INTEGER + 1 AS high
    FROM ordered
)
SELECT deals, median,
       CASE WHEN low >= 1 THEN days[low] END AS low,
       CASE WHEN high <= deals THEN days[high] END AS high
FROM ranked

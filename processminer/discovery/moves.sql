-- Which stage follows which, how often, in how many deals, and how long after entering the first.
SELECT source.stage AS from_stage,
       target.stage AS to_stage,
       count(*) AS times,
       count(DISTINCT stays.deal) AS deals,
       quantile_cont(epoch_us(left_at) - epoch_us(entered_at), 0.5) / 86400000000.0 AS median_days,
       count(DISTINCT stays.deal) FILTER (WHERE outcome = 'won') AS won,
       count(DISTINCT stays.deal) FILTER (WHERE outcome = 'lost') AS lost
FROM stays
JOIN deals USING (deal)
JOIN stage_names AS source ON source.code = stays.stage
JOIN stage_names AS target ON target.code = stays.next_stage
GROUP BY source.code, source.stage, target.code, target.stage
ORDER BY times DESC, source.code, target.code

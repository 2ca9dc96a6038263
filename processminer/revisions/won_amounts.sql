-- What won deals are worth on average, in the currency of most of them.
SELECT currency,
       count(*) AS won,
       avg(amount) AS mean,
       coalesce(stddev_samp(amount), 0) / sqrt(count(*)) AS error
FROM deals
WHERE outcome = 'won' AND amount IS NOT NULL
GROUP BY currency
ORDER BY won DESC, currency
LIMIT 1

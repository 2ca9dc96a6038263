-- How soon after taking a step those deals were won that took it and won: half of them at most.
SELECT decisions.practice,
       quantile_cont(epoch_us(deals.closed_at) - epoch_us(decisions.moment), 0.5) / 86400000000.0 AS median_days
FROM decisions
JOIN deals ON deals.deal = decisions.deal
WHERE decisions.done AND deals.outcome = 'won'
GROUP BY decisions.practice
ORDER BY decisions.practice

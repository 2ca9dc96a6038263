-- How many deals began and how many were won between two days, and what those that began are worth.
SELECT count(*) FILTER (WHERE deals.first_at > $since AND deals.first_at <= $until) AS begun,
       count(*) FILTER (WHERE deals.outcome = 'won' AND deals.closed_at > $since AND deals.closed_at <= $until) AS won,
       coalesce(sum(deals.amount) FILTER (WHERE deals.outcome = 'won' AND deals.closed_at > $since AND deals.closed_at <= $until
                                                AND deals.currency IS NOT DISTINCT FROM $currency), 0) AS revenue,
       min(deals.first_at) AS first_at
FROM deals
JOIN paths ON paths.deal = deals.deal

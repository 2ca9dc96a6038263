-- How many deals that were alike when they had to decide took each step or not, and how many were won within the horizon.
-- The horizon: nine in ten of those that were won were won within it. Deals that decided later than that ago are left out.
WITH decided AS (
    SELECT decisions.*,
           deals.owner,
           CASE WHEN deals.outcome = 'won' THEN epoch_us(deals.closed_at) - epoch_us(decisions.moment) END AS to_win
    FROM decisions
    JOIN deals ON deals.deal = decisions.deal
),
horizons AS (
    SELECT practice,
           CASE WHEN count(to_win) >= $enough_won THEN greatest(1, ceil(quantile_cont(to_win, 0.9) / 86400000000.0))
                ELSE $usual_days END::INTEGER AS days
    FROM decided
    GROUP BY practice
),
owners AS (
    SELECT owner, row_number() OVER (ORDER BY owner) AS number
    FROM (SELECT DISTINCT owner FROM deals WHERE owner IS NOT NULL)
),
spoken AS (
    SELECT known_attributes.place, attributes.deal, min(attributes.value) AS value
    FROM attributes
    JOIN known_attributes ON known_attributes.attribute = attributes.attribute
    GROUP BY known_attributes.place, attributes.deal
),
numbered AS (
    SELECT place, value, row_number() OVER (PARTITION BY place ORDER BY value) AS number
    FROM (SELECT DISTINCT place, value FROM spoken)
),
traits AS (
    SELECT spoken.deal,
           max(number) FILTER (WHERE spoken.place = 0) AS first_attribute,
           max(number) FILTER (WHERE spoken.place = 1) AS second_attribute,
           max(number) FILTER (WHERE spoken.place = 2) AS third_attribute,
           max(number) FILTER (WHERE spoken.place = 3) AS fourth_attribute
    FROM spoken
    JOIN numbered ON numbered.place = spoken.place AND numbered.value = spoken.value
    GROUP BY spoken.deal
)
SELECT decided.practice,
       horizons.days,
       coalesce(owners.number, 0) AS owner,
       decided.came_from,
       coalesce(traits.first_attribute, 0) AS first_attribute,
       coalesce(traits.second_attribute, 0) AS second_attribute,
       coalesce(traits.third_attribute, 0) AS third_attribute,
       coalesce(traits.fourth_attribute, 0) AS fourth_attribute,
       4 * year(decided.moment) + quarter(decided.moment) AS quarter,
       decided.done::INTEGER AS done,
       count(*) AS deals,
       count(*) FILTER (WHERE decided.to_win <= horizons.days * 86400000000) AS won
FROM decided
JOIN horizons ON horizons.practice = decided.practice
LEFT JOIN owners ON owners.owner = decided.owner
LEFT JOIN traits ON traits.deal = decided.deal
WHERE epoch_us($as_of) - epoch_us(decided.moment) >= horizons.days * 86400000000
GROUP BY ALL
ORDER BY ALL

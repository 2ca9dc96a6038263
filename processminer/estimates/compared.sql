-- How many deals that were alike when they had to decide took each step or not, and how many were won within the horizon.
-- The horizon holds nine in ten of the wins, and all but one in forty of the slower side's as far as half of the deals have
-- been followed that long: a step that takes time must not look useless because its wins come later. Deals that decided
-- later than the horizon ago are left out.
WITH decided AS (
    SELECT decisions.*,
           deals.owner,
           CASE WHEN deals.outcome = 'won' THEN epoch_us(deals.closed_at) - epoch_us(decisions.moment) END AS to_win
    FROM decisions
    JOIN deals ON deals.deal = decisions.deal
),
sides AS (
    SELECT practice, quantile_cont(to_win, 0.975) AS nearly_all FROM decided GROUP BY practice, done
),
slower AS (
    SELECT practice, max(nearly_all) AS nearly_all FROM sides GROUP BY practice
),
horizons AS (
    SELECT decided.practice,
           CASE WHEN count(to_win) < $enough_won THEN $usual_days
                ELSE greatest(1, ceil(greatest(
                    quantile_cont(to_win, 0.9),
                    least(any_value(slower.nearly_all), quantile_cont(epoch_us($as_of) - epoch_us(moment), 0.5))
                ) / 86400000000.0)) END::INTEGER AS days
    FROM decided
    JOIN slower ON slower.practice = decided.practice
    GROUP BY decided.practice
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
),
alike AS (
    SELECT decided.practice,
           horizons.days,
           coalesce(owners.number, 0) AS owner,
           decided.came_from,
           coalesce(traits.first_attribute, 0) AS first_attribute,
           coalesce(traits.second_attribute, 0) AS second_attribute,
           coalesce(traits.third_attribute, 0) AS third_attribute,
           coalesce(traits.fourth_attribute, 0) AS fourth_attribute,
           2 * year(decided.moment) + (quarter(decided.moment) - 1) // 2 AS half_year,
           decided.done,
           decided.to_win
    FROM decided
    JOIN horizons ON horizons.practice = decided.practice
    LEFT JOIN owners ON owners.owner = decided.owner
    LEFT JOIN traits ON traits.deal = decided.deal
    WHERE epoch_us($as_of) - epoch_us(decided.moment) >= horizons.days * 86400000000
)
SELECT practice, days,
       owner, came_from, first_attribute, second_attribute, third_attribute, fourth_attribute, half_year,
       done::INTEGER AS done,
       count(*) AS deals,
       count(*) FILTER (WHERE to_win <= days * 86400000000) AS won
FROM alike
GROUP BY practice, days, owner, came_from, first_attribute, second_attribute, third_attribute, fourth_attribute, half_year,
         alike.done
ORDER BY practice, days, owner, came_from, first_attribute, second_attribute, third_attribute, fourth_attribute, half_year,
         alike.done

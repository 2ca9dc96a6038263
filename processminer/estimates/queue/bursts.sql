-- How many changes of stage somebody made within ten minutes of those of $others other deals, and how many fell on each weekday.
-- Who made it is who is named with it, else who owns the deal. Weekdays count from Monday, 1, in UTC.
WITH written AS (
    SELECT deal, occurred_at, min(actor) AS actor FROM events WHERE kind = 'stage' AND actor IS NOT NULL GROUP BY deal, occurred_at
),
changes AS (
    SELECT stays.deal, stays.entered_at AS changed_at, coalesce(written.actor, deals.owner) AS person
    FROM stays
    JOIN deals ON deals.deal = stays.deal
    LEFT JOIN written ON written.deal = stays.deal AND written.occurred_at = stays.entered_at
),
neighbours AS (
    SELECT changed_at, person,
           count(DISTINCT deal) OVER (
               PARTITION BY person ORDER BY changed_at
               RANGE BETWEEN INTERVAL 10 MINUTE PRECEDING AND INTERVAL 10 MINUTE FOLLOWING
           ) - 1 AS others
    FROM changes
)
SELECT isodow(changed_at) AS weekday,
       count(*) AS changes,
       count(person) AS of_somebody,
       count(*) FILTER (WHERE person IS NOT NULL AND others >= $others) AS in_bursts,
       coalesce(bool_and(epoch_us(changed_at) % 86400000000 = 0), true) AS dates_only
FROM neighbours
GROUP BY weekday
ORDER BY weekday

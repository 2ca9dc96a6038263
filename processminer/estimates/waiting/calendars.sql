-- The hours of the week in which each person was seen at work, and how many such hours lie before each hour of the week.
-- An hour counts in which somebody began or ended work, or was in the midst of it, in $often of the weeks in which they were
-- seen at all. Hours are numbered from Monday 00:00 UTC, 0 to 167.
CREATE OR REPLACE TABLE calendars AS
WITH signs AS (
    SELECT resource, unnest([began, ended]) AS moment FROM work_items WHERE resource IS NOT NULL
),
-- 345600 seconds: 5 January 1970 was a Monday.
hours AS (
    SELECT resource, (moment - 345600000000) // 604800000000 AS week, ((moment - 345600000000) % 604800000000) // 3600000000 AS hour
    FROM signs
    GROUP BY ALL
),
weeks AS (
    SELECT resource, count(DISTINCT week) AS weeks FROM hours GROUP BY resource
),
slots AS (
    SELECT weeks.resource, weeks.weeks, slot.hour
    FROM weeks
    CROSS JOIN (SELECT unnest(range(168)) AS hour) AS slot
),
working AS (
    SELECT slots.resource, slots.hour,
           CASE WHEN count(hours.week) >= $often * slots.weeks AND count(hours.week) > 0 THEN 1 ELSE 0 END AS works
    FROM slots
    LEFT JOIN hours ON hours.resource = slots.resource AND hours.hour = slots.hour
    GROUP BY slots.resource, slots.hour, slots.weeks
)
SELECT resource, hour, works,
       sum(works) OVER (PARTITION BY resource ORDER BY hour) - works AS before,
       sum(works) OVER (PARTITION BY resource) AS in_a_week
FROM working

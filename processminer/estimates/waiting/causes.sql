-- Why each activity waited, in days, summed over its pieces of work: for the rest of a batch, for somebody who was at earlier
-- work, for somebody who did later work first, outside of working hours, or for something that the log does not show.
-- What one cause explains is not told again by the next. Sums of squares over deals give the error of the shares.
WITH moments AS (
    SELECT item, resource, unnest([began, ended, enabled]) AS moment FROM work_items WHERE resource IS NOT NULL
    UNION ALL
    SELECT batches.item, work_items.resource, batches.ready FROM batches JOIN work_items ON work_items.item = batches.item
),
-- How much of somebody's working time lies before a moment, from a Monday long ago: differences are time at work.
clocks AS (
    SELECT told.resource, told.moment,
           ((told.moment - 345600000000) // 604800000000 * calendars.in_a_week + calendars.before) * 3600000000
               + calendars.works * ((told.moment - 345600000000) % 3600000000) AS clock
    FROM (SELECT DISTINCT resource, moment FROM moments WHERE moment IS NOT NULL) AS told
    JOIN calendars ON calendars.resource = told.resource
                  AND calendars.hour = ((told.moment - 345600000000) % 604800000000) // 3600000000
),
waits AS (
    SELECT work_items.item, work_items.deal, work_items.activity, work_items.resource, work_items.enabled, work_items.began,
           work_items.ended, greatest(work_items.enabled, coalesce(batches.ready, work_items.enabled)) AS since
    FROM work_items
    LEFT JOIN batches ON batches.item = work_items.item
    WHERE work_items.resource IS NOT NULL AND work_items.has_start AND work_items.enabled IS NOT NULL
),
clocked AS (
    SELECT waits.*, since_clock.clock AS since_clock, began_clock.clock AS began_clock
    FROM waits
    JOIN clocks AS since_clock ON since_clock.resource = waits.resource AND since_clock.moment = waits.since
    JOIN clocks AS began_clock ON began_clock.resource = waits.resource AND began_clock.moment = waits.began
),
-- Who has several pieces of work in hand is busy once: a piece counts from where those begun before it had ended.
hands AS (
    SELECT item, resource, enabled, ended,
           greatest(began, coalesce(max(ended) OVER (PARTITION BY resource ORDER BY began, item
                                                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), began)) AS began
    FROM work_items
    WHERE resource IS NOT NULL AND has_start
),
busy AS (
    SELECT hands.item, hands.resource, hands.enabled, hands.began, hands.ended,
           began_clock.clock AS began_clock, ended_clock.clock AS ended_clock
    FROM hands
    JOIN clocks AS began_clock ON began_clock.resource = hands.resource AND began_clock.moment = hands.began
    JOIN clocks AS ended_clock ON ended_clock.resource = hands.resource AND ended_clock.moment = hands.ended
    WHERE hands.began < hands.ended
),
met AS (
    SELECT clocked.item,
           coalesce(busy.enabled, busy.began) <= clocked.enabled AS came_first,
           least(busy.ended, clocked.began) - greatest(busy.began, clocked.since) AS us,
           least(busy.ended_clock, clocked.began_clock) - greatest(busy.began_clock, clocked.since_clock) AS at_work
    FROM clocked
    JOIN busy ON busy.resource = clocked.resource AND busy.item <> clocked.item
             AND busy.began < clocked.began AND busy.ended > clocked.since
),
held AS (
    SELECT item, coalesce(sum(us) FILTER (WHERE came_first), 0) AS contention,
           coalesce(sum(us) FILTER (WHERE NOT came_first), 0) AS prioritisation,
           sum(us - at_work) AS off_while_busy
    FROM met
    GROUP BY item
),
split AS (
    SELECT clocked.deal, clocked.activity,
           clocked.began - clocked.enabled AS waited,
           clocked.ended - clocked.began AS worked,
           clocked.since - clocked.enabled AS batching,
           coalesce(held.contention, 0) AS contention,
           coalesce(held.prioritisation, 0) AS prioritisation,
           clocked.began - clocked.since - (clocked.began_clock - clocked.since_clock) - coalesce(held.off_while_busy, 0) AS unavailability
    FROM clocked
    LEFT JOIN held ON held.item = clocked.item
),
by_deal AS (
    SELECT deal, activity, count(*) AS pieces, sum(worked) / 86400000000.0 AS worked, sum(waited) / 86400000000.0 AS waited,
           sum(batching) / 86400000000.0 AS batching, sum(contention) / 86400000000.0 AS contention,
           sum(prioritisation) / 86400000000.0 AS prioritisation, sum(unavailability) / 86400000000.0 AS unavailability
    FROM split
    GROUP BY GROUPING SETS ((deal, activity), (deal))
),
causes AS (
    SELECT activity, pieces, worked, waited, 0 AS place, batching AS days FROM by_deal
    UNION ALL
    SELECT activity, pieces, worked, waited, 1 AS place, contention AS days FROM by_deal
    UNION ALL
    SELECT activity, pieces, worked, waited, 2 AS place, prioritisation AS days FROM by_deal
    UNION ALL
    SELECT activity, pieces, worked, waited, 3 AS place, unavailability AS days FROM by_deal
    UNION ALL
    SELECT activity, pieces, worked, waited, 4 AS place, waited - batching - contention - prioritisation - unavailability AS days FROM by_deal
)
SELECT activity, place, sum(pieces)::BIGINT AS pieces, count(*) AS deals, sum(worked) AS worked, sum(waited) AS waited, sum(days) AS days,
       sum(days * days) AS days_squared, sum(days * waited) AS days_waited, sum(waited * waited) AS waited_squared
FROM causes
GROUP BY activity, place
ORDER BY activity NULLS FIRST, place

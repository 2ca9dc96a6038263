-- How long deals were in each state of an action (0 not done, 1 done within a day, 2 done a while ago, 3 done long ago) and
-- how often they then went on, or were lost, among deals that were alike.
WITH first_done AS (
    SELECT deal, epoch_us(min(occurred_at)) AS done_us FROM action_moments WHERE practice = $practice GROUP BY deal
),
pieces AS (
    SELECT work_pieces.*, first_done.done_us
    FROM work_pieces
    LEFT JOIN first_done ON first_done.deal = work_pieces.deal
    WHERE $code IS NULL OR work_pieces.stage = $code
),
states AS (
    SELECT unnest([0, 1, 2, 3]) AS state
),
bounded AS (
    SELECT pieces.*, states.state,
           CASE states.state WHEN 0 THEN from_us
                             WHEN 1 THEN done_us
                             WHEN 2 THEN done_us + 86400000000
                             ELSE done_us + $lag_us END AS begins,
           CASE states.state WHEN 0 THEN coalesce(done_us, to_us + 1)
                             WHEN 1 THEN done_us + 86400000000
                             WHEN 2 THEN done_us + $lag_us
                             ELSE to_us + 1 END AS ends
    FROM pieces
    JOIN states ON states.state = 0 OR pieces.done_us IS NOT NULL
)
SELECT span::BIGINT AS span,
       again::BIGINT AS again,
       owner::BIGINT AS owner,
       first_attribute::BIGINT AS first_attribute,
       second_attribute::BIGINT AS second_attribute,
       state::BIGINT AS state,
       sum(greatest(0, least(to_us, ends) - greatest(from_us, begins))) / 86400000000.0 AS days,
       count(*) FILTER (WHERE gone = 'onward' AND to_us >= begins AND to_us < ends)::DOUBLE AS onward,
       count(*) FILTER (WHERE gone = 'lost' AND to_us >= begins AND to_us < ends)::DOUBLE AS lost
FROM bounded
WHERE least(to_us, ends) >= greatest(from_us, begins)
GROUP BY span, again, owner, first_attribute, second_attribute, state
ORDER BY span, again, owner, first_attribute, second_attribute, state

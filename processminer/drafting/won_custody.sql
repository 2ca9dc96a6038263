-- Who held each won deal in the middle of each of its stays: hand-overs happen around the moves.
CREATE OR REPLACE TABLE won_custody AS
WITH stayed AS (
    SELECT stays.deal, stays.position, stays.stage, stays.entered_at,
           make_timestamp((epoch_us(stays.entered_at) + epoch_us(stays.left_at)) // 2) AS middle
    FROM stays
    JOIN deals ON deals.deal = stays.deal AND deals.outcome = 'won'
    JOIN stage_names ON stage_names.code = stays.stage AND stage_names.class = 'open'
    WHERE NOT stays.after_close AND stays.left_at IS NOT NULL
)
SELECT stayed.deal, stayed.position, stayed.stage, stayed.entered_at, spans.owner, spans.since, person_roles.role
FROM stayed
JOIN owner_spans AS spans ON spans.deal = stayed.deal AND spans.since <= stayed.middle AND stayed.middle < spans.until
JOIN person_roles ON person_roles.owner = spans.owner

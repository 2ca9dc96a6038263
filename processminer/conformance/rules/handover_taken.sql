-- Whether the role that takes a deal over showed within the limit that it has. A limit without hours is the whole day.
INSERT INTO rule_verdicts
WITH entered AS (
    SELECT rule, deal, min(entered_at) AS moment, arg_min(entered_timed, entered_at) AS timed
    FROM rule_stays JOIN handover_rules USING (place)
    WHERE NOT at_win
    GROUP BY rule, deal
    UNION ALL
    SELECT rule, deal, closed_at, timed
    FROM closings CROSS JOIN handover_rules
    WHERE at_win AND outcome = 'won'
),
due AS (
    SELECT rule, deal, moment, timed, at_win, checkable, shown, make_timestamp(epoch_us(moment) + most) AS deadline
    FROM entered JOIN handover_rules USING (rule)
),
signs AS (
    SELECT rule, deal, greatest(since, moment) AS taken_at
    FROM due JOIN handover_people USING (rule) JOIN owner_spans USING (deal, owner)
    WHERE $tracked AND until > moment AND since <= $as_of
    UNION ALL
    SELECT rule, due.deal, occurred_at
    FROM due JOIN handover_people USING (rule) JOIN task_events ON task_events.deal = due.deal AND actor = owner
    WHERE occurred_at >= moment OR occurred_at = date_trunc('day', moment)
    UNION ALL
    SELECT rule, due.deal, occurred_at
    FROM due JOIN handover_labels USING (rule) JOIN task_events ON task_events.deal = due.deal AND (label = name OR label = subject)
    WHERE occurred_at >= moment OR occurred_at = date_trunc('day', moment)
),
taken AS (
    SELECT rule, deal, min(taken_at) AS taken_at FROM signs GROUP BY rule, deal
),
-- Whether in that time somebody held the deal of whom no role is known, or nobody knows who did.
unknown AS (
    SELECT rule, due.deal, NOT $tracked OR bool_or(known.owner IS NULL) OR min(since) > any_value(moment) AS by_unknown
    FROM due
    LEFT JOIN owner_spans AS spans ON spans.deal = due.deal AND until > moment AND since <= deadline
    LEFT JOIN known_owners AS known USING (owner)
    GROUP BY rule, due.deal
),
judged AS (
    SELECT rule, due.deal, due.timed, checkable, taken_at, deadline,
           coalesce(CASE WHEN deadline = date_trunc('day', deadline) THEN date_trunc('day', taken_at) ELSE taken_at END <= deadline, false) AS in_time,
           CASE WHEN deadline = date_trunc('day', deadline) THEN date_trunc('day', $as_of::TIMESTAMP) ELSE $as_of END <= deadline AS still_time,
           NOT shown AND coalesce(by_unknown, true) AS hidden,
           NOT at_win AND closings.closed_at <= deadline AS closed_first
    FROM due
    LEFT JOIN taken USING (rule, deal)
    LEFT JOIN unknown USING (rule, deal)
    LEFT JOIN closings ON closings.deal = due.deal
)
SELECT rule, deal,
       CASE WHEN NOT checkable OR NOT timed THEN 'unchecked'
            WHEN in_time THEN 'kept'
            WHEN still_time THEN 'pending'
            WHEN hidden THEN 'unchecked'
            ELSE 'broken' END,
       taken_at IS NULL
FROM judged
WHERE in_time OR NOT coalesce(closed_first, false)

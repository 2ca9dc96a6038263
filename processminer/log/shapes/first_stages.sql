-- The stage each deal began in, which no change tells, and when: at its creation, null where that cannot be known.
CREATE OR REPLACE TABLE first_stages AS
WITH usable AS (
    SELECT deal_id, same_id, old, new, occurred_at, position
    FROM all_changes
    WHERE field = 'stage' AND deal_id IS NOT NULL AND new IS NOT NULL AND occurred_at IS NOT NULL AND NOT deleted
),
firsts AS (
    SELECT same_id, min(occurred_at) AS moved_at FROM usable GROUP BY same_id
),
-- Several changes may bear the first moment: the deal began in the stage that none of them leads to.
at_first AS (
    SELECT same_id, moved_at, min(deal_id) AS deal_id, list(old ORDER BY position) AS olds, list(new) AS news,
           bool_or(old IS NULL) AS born
    FROM usable JOIN firsts USING (same_id)
    WHERE occurred_at = moved_at
    GROUP BY same_id, moved_at
),
left_first AS (
    SELECT same_id, deal_id, moved_at,
           CASE WHEN NOT born THEN coalesce(list_filter(olds, lambda one: NOT list_contains(news, one))[1], olds[1]) END AS stage
    FROM at_first
),
witnessed AS (
    SELECT same_id, min(deal_id) AS deal_id, min(occurred_at) AS created_at
    FROM all_changes
    WHERE field = 'created' AND deal_id IS NOT NULL AND occurred_at IS NOT NULL AND NOT deleted
    GROUP BY same_id
),
births AS (
    -- A deal of which the history does not speak is named in the form that the history would use.
    SELECT coalesce(left_first.deal_id, witnessed.deal_id, CASE WHEN short THEN same_id ELSE known.deal_id END) AS deal_id,
           left_first.moved_at,
           CASE WHEN left_first.same_id IS NOT NULL THEN left_first.stage ELSE known.stage END AS stage,
           coalesce(witnessed.created_at, known.created_at) AS created_at,
           witnessed.same_id IS NOT NULL AS witnessed
    FROM left_first
    FULL JOIN known_deal_stages AS known USING (same_id)
    FULL JOIN witnessed USING (same_id)
    CROSS JOIN (SELECT coalesce(bool_and(deal_id = same_id), false) AS short FROM all_changes)
    WHERE left_first.same_id IS NOT NULL
       OR same_id NOT IN (SELECT same_id FROM all_changes WHERE field = 'stage' AND same_id IS NOT NULL)
),
-- Some logs hold a row for the birth itself, with no stage before it; there a deal without one was born unseen.
told AS (
    SELECT 10 * count(*) FILTER (WHERE born) > count(*) AS births FROM at_first
),
-- Changes are kept for a year or two, or from the day that somebody switched tracking on. Who was created longer before
-- the first change of all than nine in ten deals take to their first one may have moved unseen.
reach AS (
    SELECT first_at - coalesce((SELECT quantile_disc(moved_at - created_at, 0.9) FROM births WHERE created_at >= first_at),
                               first_at - TIMESTAMP '1900-01-01') AS since
    FROM (SELECT min(moved_at) AS first_at FROM firsts)
)
SELECT deal_id, stage,
       CASE WHEN (witnessed OR $remembers OR (created_at >= since AND NOT told.births))
             AND (moved_at IS NULL OR date_trunc('day', created_at) <= moved_at)
            THEN least(created_at, moved_at) END AS entered
FROM births CROSS JOIN reach CROSS JOIN told
WHERE stage IS NOT NULL AND (moved_at IS NOT NULL OR entered IS NOT NULL)

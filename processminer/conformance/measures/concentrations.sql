-- For each deviation and each group: how many of its deals came to what it is about, how many deviated, and in all.
WITH deviated AS (
    SELECT deal, kind, subject, stage FROM deal_deviations
),
met AS (
    SELECT reaches.deal, reaches.kind, reaches.subject, reaches.stage, deviated.deal IS NOT NULL AS deviated
    FROM deal_reaches AS reaches
    LEFT JOIN deviated
      ON deviated.deal = reaches.deal AND deviated.kind = reaches.kind AND deviated.subject = reaches.subject
     AND deviated.stage IS NOT DISTINCT FROM reaches.stage
    LEFT JOIN excused
      ON excused.deal = reaches.deal AND excused.kind = reaches.kind AND excused.subject = reaches.subject
     AND excused.stage IS NOT DISTINCT FROM reaches.stage
    WHERE excused.deal IS NULL
),
counted AS (
    SELECT kind, subject, stage, attribute, value, count(*) AS reached, count(*) FILTER (WHERE deviated) AS deals
    FROM met JOIN deal_groups USING (deal)
    GROUP BY kind, subject, stage, attribute, value
),
whole AS (
    SELECT *,
           sum(reached) OVER known AS all_reached,
           sum(deals) OVER known AS all_deals
    FROM counted
    WINDOW known AS (PARTITION BY kind, subject, stage, attribute)
)
SELECT kind, subject, stage, attribute, value, reached, deals, all_reached::BIGINT, all_deals::BIGINT
FROM whole
WHERE reached >= $enough AND all_reached - reached >= $enough AND all_deals > 0
ORDER BY kind, subject, stage, attribute, value

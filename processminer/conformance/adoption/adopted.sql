-- How many deals keep to what is newly asked, and how many use what is newly allowed: by rule, deal and day.
-- A rule is new where deals break it that broke none of the old ones there, or another number of them did.
WITH new_ways AS (
    SELECT kind, subject, stage, count(*) FILTER (WHERE NOT follows) AS broken, sum(hash(deal)) FILTER (WHERE NOT follows) AS whose
    FROM followed_new GROUP BY kind, subject, stage
),
old_ways AS (
    SELECT kind, subject, stage, count(*) FILTER (WHERE follows) AS broken, sum(hash(deal)) FILTER (WHERE follows) AS whose
    FROM followed_old GROUP BY kind, subject, stage
),
ways AS (
    SELECT kind, subject, stage,
           coalesce(new_ways.broken, 0) AS now,
           coalesce(old_ways.broken, 0) AS then_,
           new_ways.broken IS NULL AS gone
    FROM new_ways
    FULL JOIN old_ways USING (kind, subject, stage)
    WHERE coalesce(new_ways.broken, 0) <> coalesce(old_ways.broken, 0)
          OR coalesce(new_ways.whose, 0) <> coalesce(old_ways.whose, 0)
),
told AS (
    SELECT followed_new.*, 'asked' AS how
    FROM followed_new JOIN ways USING (kind, subject) WHERE ways.stage IS NOT DISTINCT FROM followed_new.stage AND ways.now >= ways.then_
    UNION ALL
    SELECT followed_old.*, 'allowed' AS how
    FROM followed_old JOIN ways USING (kind, subject) WHERE ways.stage IS NOT DISTINCT FROM followed_old.stage AND ways.now < ways.then_
)
SELECT told.how, told.kind, told.subject, told.stage, deals.deal_id, told.follows
FROM told
JOIN deals ON deals.deal = told.deal
ORDER BY told.how, told.kind, told.subject, told.stage NULLS FIRST, told.deal

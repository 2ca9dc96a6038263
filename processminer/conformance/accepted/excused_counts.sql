-- How many deals are excused of each deviation, and how those stand that are not.
WITH counted AS (
    SELECT kind, subject, stage,
           count(*) AS deals,
           count(*) FILTER (WHERE outcome = 'won') AS won,
           count(*) FILTER (WHERE outcome = 'lost') AS lost,
           count(*) FILTER (WHERE outcome = 'open') AS open,
           min(deal_id, 5) AS examples
    FROM deal_deviations JOIN deals USING (deal)
    GROUP BY kind, subject, stage
),
apart AS (
    SELECT kind, subject, stage, count(*) AS accepted FROM excused GROUP BY kind, subject, stage
)
SELECT apart.kind, apart.subject, apart.stage, accepted,
       coalesce(deals, 0), coalesce(won, 0), coalesce(lost, 0), coalesce(open, 0), coalesce(examples, [])
FROM apart
LEFT JOIN counted
  ON counted.kind = apart.kind AND counted.subject = apart.subject AND counted.stage IS NOT DISTINCT FROM apart.stage
ORDER BY apart.kind, apart.subject, apart.stage

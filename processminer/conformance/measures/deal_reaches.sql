-- Which deals came to what each deviation is about: only they could have deviated.
CREATE OR REPLACE VIEW deal_reaches AS
WITH meant AS (
    SELECT DISTINCT rule, breach FROM rule_breaches
),
been AS (
    SELECT path, unnest(stages) AS stage FROM path_stages
),
visited AS (
    SELECT DISTINCT path, stage FROM been
),
reached AS (
    SELECT path, number FROM path_stages CROSS JOIN order_breaches WHERE stage IS NULL OR kind = 'started-late'
    UNION
    SELECT path, number FROM visited JOIN order_breaches USING (stage) WHERE kind <> 'started-late'
    UNION
    -- Whoever skipped a stage came past it.
    SELECT path, number
    FROM path_breaches JOIN breaches USING (breach) JOIN order_breaches USING (kind, subject)
    WHERE kind = 'skipped'
)
SELECT deal, kind, subject, stage
FROM rule_verdicts
JOIN meant USING (rule)
JOIN breaches USING (breach)
WHERE verdict IN ('kept', 'broken')
UNION ALL
SELECT deal, kind, subject, stage
FROM deal_variants
JOIN variant_paths USING (variant)
JOIN reached USING (path)
JOIN order_breaches USING (number)

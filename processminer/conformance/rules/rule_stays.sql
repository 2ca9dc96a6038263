-- Each time of a deal in a stage that a rule asks about: from when to when, and whether these moments are the deal's own.
CREATE OR REPLACE TABLE rule_stays AS
SELECT deal, place,
       make_timestamp(steps[came] >> 10) AS entered_at,
       make_timestamp(steps[went] >> 10) AS left_at,
       paths.deal NOT IN (SELECT deal FROM untimed_steps)
           OR (paths.deal, came) NOT IN (SELECT (deal, place) FROM untimed_steps) AS entered_timed,
       paths.deal NOT IN (SELECT deal FROM untimed_steps)
           OR coalesce((paths.deal, went) NOT IN (SELECT (deal, place) FROM untimed_steps), true) AS left_timed
FROM paths
JOIN deal_variants USING (deal)
JOIN walk_runs USING (variant)

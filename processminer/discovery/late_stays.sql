-- First stays that had begun before the history of their deal was written down, and when they came to be seen.
-- Two signs: a deal was created more than a day before its first step, though most deals created since the history begins
-- were not; or the first change of any stage came so late that $fewest deals or more, begun before it, all stayed
-- longer than half of the later ones do (chance does that once in a thousand logs). The begin is known where the deal
-- stands in the stage in which nearly all deals begin, and leaves it at a moment of its own; else it is null.
CREATE OR REPLACE TABLE late_stays AS
WITH firsts AS (
    SELECT stays.deal, stays.stage, stays.entered_at, stays.left_at, stays.timed, deals.created_at,
           epoch_us(stays.entered_at) - epoch_us(deals.created_at) > 86400000000 AS late
    FROM stays
    JOIN deals ON deals.deal = stays.deal
    WHERE stays.position = 1
),
-- One odd old row must not pass for the beginning of the history.
history AS (
    SELECT quantile_disc(entered_at, 0.01) AS since FROM firsts
),
changes_known AS (
    SELECT min(entered_at) AS since FROM stays WHERE position > 1
),
creation AS (
    SELECT count(*) FILTER (WHERE firsts.late) * 2 <= count(*) AS begins
    FROM firsts
    CROSS JOIN history
    WHERE firsts.created_at >= history.since
),
cut_off AS (
    SELECT firsts.deal, firsts.stage, firsts.entered_at, firsts.timed, firsts.created_at
    FROM firsts
    CROSS JOIN creation
    WHERE firsts.late AND creation.begins AND $created_tells
),
starts AS (
    SELECT firsts.stage, count(*) AS deals FROM firsts WHERE NOT firsts.late GROUP BY firsts.stage
),
usual_start AS (
    SELECT starts.stage
    FROM starts
    WHERE starts.deals >= $nearly_all * (SELECT sum(deals) FROM starts)
),
usual_length AS (
    SELECT quantile_cont(epoch_us(coalesce(firsts.left_at, $as_of)) - epoch_us(firsts.entered_at), 0.5) AS us
    FROM firsts
    CROSS JOIN changes_known
    WHERE firsts.entered_at >= changes_known.since AND NOT firsts.late
),
under_way AS (
    SELECT firsts.deal, firsts.timed, firsts.entered_at, changes_known.since,
           epoch_us(changes_known.since) - epoch_us(firsts.entered_at) > usual_length.us AS outlasts
    FROM firsts
    CROSS JOIN changes_known
    CROSS JOIN usual_length
    WHERE firsts.entered_at < changes_known.since
)
SELECT cut_off.deal,
       CASE WHEN usual_start.stage IS NOT NULL AND cut_off.timed THEN cut_off.created_at END AS began_at,
       cut_off.entered_at AS seen_at
FROM cut_off
LEFT JOIN usual_start ON usual_start.stage = cut_off.stage
UNION ALL
SELECT under_way.deal, CASE WHEN under_way.timed THEN under_way.entered_at END, under_way.since
FROM under_way
WHERE under_way.deal NOT IN (SELECT deal FROM cut_off) AND (SELECT count(*) FROM under_way WHERE outlasts) >= $fewest

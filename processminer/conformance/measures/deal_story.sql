-- What each deal did against the playbook, in words, one row a deal that broke anything; what is accepted says so.
CREATE OR REPLACE VIEW deal_story AS
WITH said AS (
    SELECT moves.deal, moves.kind, moves.subject, moves.stage, moves.moment, moves.days_over,
           excused.deal IS NOT NULL AS accepted,
           CASE WHEN moves.kind = 'undeclared' AND moves.stage IS NULL THEN 'was in ' || moves.subject || ', which the playbook does not know'
                WHEN moves.kind = 'undeclared' THEN 'went from ' || replace(moves.subject, ' -> ', ' to ')
                WHEN moves.kind = 'returned' THEN 'went back from ' || replace(moves.subject, ' -> ', ' to ')
                WHEN moves.kind = 'skipped' THEN 'skipped ' || moves.subject
                WHEN moves.kind = 'not-repeated' THEN 'did not go through ' || moves.subject || ' again after going back'
                WHEN moves.kind = 'started-late' THEN 'began in ' || moves.subject
                WHEN moves.kind = 'too-many-visits' THEN 'in ' || moves.subject || ' too often'
                WHEN moves.kind = 'over-time' AND moves.days_over >= 1 THEN printf('%.0f', floor(moves.days_over))
                    || CASE WHEN floor(moves.days_over) = 1 THEN ' day' ELSE ' days' END || ' over the limit in ' || moves.subject
                WHEN moves.kind = 'over-time' AND moves.days_over IS NOT NULL THEN 'less than a day over the limit in ' || moves.subject
                WHEN moves.kind = 'over-time' THEN 'over the limit in ' || moves.subject
                WHEN moves.kind = 'task-missing' THEN moves.subject || ' not done in ' || moves.stage
                WHEN moves.kind = 'task-late' THEN moves.subject || ' done late in ' || moves.stage
                WHEN moves.kind = 'criterion-missing' THEN 'left ' || moves.stage || ' without ' || moves.subject
                WHEN moves.kind = 'entry-criterion-missing' THEN 'came to ' || moves.stage || ' without ' || moves.subject
                WHEN moves.kind = 'too-long-silent' THEN 'silent for too long in ' || moves.subject
                WHEN moves.kind = 'too-few-contacts' THEN 'too few contacts in ' || moves.subject
                WHEN moves.kind = 'wrong-owner' THEN 'owned by another role in ' || moves.subject
                WHEN moves.kind = 'late-handover' THEN 'handed over late, ' || replace(moves.subject, ' -> ', ' to ')
                WHEN moves.kind = 'no-loss-reason' THEN 'no reason for the loss'
                WHEN moves.kind = 'service-late' THEN moves.subject || ' begun late'
                ELSE moves.kind || ' ' || moves.subject END AS words
    FROM deal_moves AS moves
    LEFT JOIN excused
      ON excused.deal = moves.deal AND excused.kind = moves.kind AND excused.subject = moves.subject
     AND excused.stage IS NOT DISTINCT FROM moves.stage
)
SELECT deal,
       list({'moment': moment, 'kind': kind, 'subject': subject, 'stage': stage, 'days_over': days_over, 'accepted': accepted}
            ORDER BY moment, kind, subject, stage) AS moves,
       list(strftime(moment, '%Y-%m-%d %H:%M') || ' ' || kind || ' ' || subject ORDER BY moment, kind, subject, stage) AS dated,
       string_agg(words || CASE WHEN accepted THEN ' (accepted)' ELSE '' END, '; ' ORDER BY moment, kind, subject, stage) AS sentence
FROM said
GROUP BY deal

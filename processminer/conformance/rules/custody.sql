-- Whether somebody of the role that owns a stage held each deal at some time of every stay there.
INSERT INTO rule_verdicts
WITH stayed AS (
    SELECT rule, deal, entered_at, left_at, checkable
    FROM rule_stays JOIN custody_rules USING (place)
),
-- The log may begin to tell of owners after the deal came: nobody knows who held it before.
held AS (
    SELECT stayed.rule, stayed.deal, stayed.entered_at,
           bool_or(people.owner IS NOT NULL) AS by_role,
           bool_or(known.owner IS NULL) OR min(spans.since) > stayed.entered_at AS by_unknown
    FROM stayed
    LEFT JOIN owner_spans AS spans
      ON spans.deal = stayed.deal
     AND spans.until > stayed.entered_at
     AND (spans.since <= stayed.entered_at OR spans.since < coalesce(stayed.left_at, $as_of))
    LEFT JOIN custody_people AS people ON people.rule = stayed.rule AND people.owner = spans.owner
    LEFT JOIN known_owners AS known ON known.owner = spans.owner
    WHERE checkable
    GROUP BY stayed.rule, stayed.deal, stayed.entered_at
),
judged AS (
    SELECT rule, deal, checkable, left_at IS NULL AS still, coalesce(by_role, false) AS by_role, coalesce(by_unknown, true) AS by_unknown
    FROM stayed LEFT JOIN held USING (rule, deal, entered_at)
)
SELECT rule, deal,
       CASE WHEN NOT bool_and(checkable) THEN 'unchecked'
            WHEN bool_or(NOT by_role AND NOT by_unknown AND NOT still) THEN 'broken'
            WHEN bool_or(NOT by_role AND by_unknown) THEN 'unchecked'
            WHEN bool_or(NOT by_role) THEN 'pending'
            ELSE 'kept' END,
       false
FROM judged
GROUP BY rule, deal

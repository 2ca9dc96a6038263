-- What set a service stage off for each deal, and when it then began and ended.
INSERT INTO service_begun
WITH set_off AS (
    SELECT deal, closed_at AS moment, timed FROM closings
    WHERE outcome = $kind AND ($kind = 'won' OR list_contains($codes::SMALLINT[], code))
    UNION ALL
    SELECT deal, min(entered_at), arg_min(entered_timed, entered_at) FROM rule_stays
    WHERE $kind = 'stage' AND place = $source::SMALLINT
    GROUP BY deal
    UNION ALL
    SELECT deal, began_at, true FROM service_begun
    WHERE $kind = 'service' AND place = $source::SMALLINT AND began_at IS NOT NULL
    UNION ALL
    SELECT deal, min(began_at), true FROM service_signs
    WHERE $kind = 'none' AND place = $place
    GROUP BY deal
),
begun AS (
    SELECT deal, min(began_at) AS began_at, arg_min(left_at, began_at) AS left_at
    FROM set_off JOIN service_signs USING (deal)
    WHERE place = $place AND (began_at >= moment OR began_at = date_trunc('day', moment))
    GROUP BY deal
)
SELECT $place, deal, moment, timed, began_at, left_at
FROM set_off LEFT JOIN begun USING (deal)

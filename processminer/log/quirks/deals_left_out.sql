-- Deals that the export knows and the log does not, each with the first reason that holds.
WITH known AS (
    SELECT deal_id, CASE WHEN reason IS NOT NULL THEN reason WHEN fault = 5 THEN 'deleted'
                         WHEN fault = 6 THEN 'after the moment we look at' ELSE 'no row that can be used' END AS why, 4 AS rank
    FROM stage_rows LEFT JOIN aside_reasons USING (fault)
    WHERE fault > 0 AND deal_id IS NOT NULL
    UNION ALL
    SELECT deal_id, reason, 1 FROM deals_aside JOIN aside_reasons USING (fault)
    UNION ALL
    SELECT deal_id, 'deleted', 2 FROM deleted_records WHERE deal_id IS NOT NULL
    UNION ALL
    SELECT deal_id, 'after the moment we look at', 3 FROM records
),
out AS (
    SELECT deal_id, arg_min(why, (rank, why)) AS why
    FROM known
    WHERE deal_id NOT IN (SELECT deal_id FROM deals)
    GROUP BY deal_id
)
SELECT why, count(*) FROM out GROUP BY why ORDER BY why

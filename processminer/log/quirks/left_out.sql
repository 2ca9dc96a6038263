-- Rows of the history and of the records that are left out, by reason, with the deals they belong to and the first few.
WITH of_history AS (
    SELECT fault, count(position) AS stage_rows, coalesce(arg_min(deal_id, position, $most), []) AS examples,
           coalesce(min(position, $most), []) AS positions
    FROM stage_rows
    WHERE fault >= 7
    GROUP BY fault
),
of_records AS (
    SELECT fault, count(*) AS records FROM records_aside GROUP BY fault
),
every AS (
    SELECT fault, deal_id FROM stage_rows WHERE fault >= 7 UNION SELECT fault, deal_id FROM records_aside
),
of_deals AS (
    SELECT fault, count(*) AS deals FROM every GROUP BY fault
)
SELECT fault, coalesce(stage_rows, 0), coalesce(records, 0), deals, coalesce(examples, []), coalesce(positions, [])
FROM of_deals
LEFT JOIN of_history USING (fault)
LEFT JOIN of_records USING (fault)
ORDER BY fault

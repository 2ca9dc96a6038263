-- Deals that their own record calls closed while the history does not say so: the closing is added at the close date.
CREATE OR REPLACE TABLE lagging AS
SELECT records.deal_id, greatest(least(records.close_date, log.last_at), seen.last_at) AS occurred_at, labels.code, true AS told
FROM records
JOIN labels ON labels.raw = records.stage
JOIN read_codes AS ended ON ended.code = labels.code AND ended.class <> 'open'
JOIN (SELECT deal_id, max(occurred_at) AS last_at,
             arg_max(read_codes.class, (occurred_at, stage_rows.code)) AS last_class
      FROM stage_rows JOIN read_codes USING (code) WHERE fault = 0 AND deal_id IN (SELECT deal_id FROM records WHERE close_date IS NOT NULL) GROUP BY deal_id) AS seen
  ON seen.deal_id = records.deal_id
CROSS JOIN (SELECT max(occurred_at) AS last_at FROM stage_rows WHERE fault = 0) AS log
WHERE seen.last_class = 'open' AND records.close_date IS NOT NULL AND coalesce(records.is_closed, true)

-- Deals whose record stands in another open stage than their history ends in: the history was not exported up to now.
INSERT INTO lagging
WITH seen AS (
    SELECT deal_id, max(occurred_at) AS last_at, arg_max(code, (occurred_at, code)) AS last_code
    FROM stage_rows
    WHERE fault = 0
    GROUP BY deal_id
),
stands AS (
    SELECT records.deal_id, labels.code
    FROM records
    JOIN labels ON labels.raw = records.stage
    JOIN read_codes ON read_codes.code = labels.code AND read_codes.class = 'open'
    WHERE NOT coalesce(records.is_closed, false)
)
SELECT stands.deal_id,
       CASE WHEN stage_entered.entered_at > seen.last_at THEN stage_entered.entered_at
            ELSE (SELECT max(occurred_at) FROM stage_rows WHERE fault = 0) END,
       stands.code,
       coalesce(stage_entered.entered_at > seen.last_at, false)
FROM stands
JOIN seen ON seen.deal_id = stands.deal_id
LEFT JOIN stage_entered ON stage_entered.deal_id = stands.deal_id
WHERE seen.last_code <> stands.code
  -- Of several rows of the last moment any may be the last one.
  AND NOT EXISTS (
      FROM stage_rows AS last_rows
      WHERE last_rows.fault = 0 AND last_rows.deal_id = stands.deal_id
        AND last_rows.occurred_at = seen.last_at AND last_rows.code = stands.code
  )

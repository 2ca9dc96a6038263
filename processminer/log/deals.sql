-- Every deal once: how it stands, when it came and went, what it is worth and whose it is.
CREATE OR REPLACE TABLE deal_histories AS
-- Numbering the names alone and joining by row is three times as quick as sorting rows that carry their paths.
WITH numbered AS (
    SELECT rowid AS place, (row_number() OVER (ORDER BY deal_id) - 1)::INTEGER AS deal FROM ends
)
SELECT numbered.deal,
       known.deal_id,
       records.name,
       records.pipeline,
       CASE WHEN known.outcome IS NOT NULL THEN known.outcome
            WHEN records.close_date > $as_of OR ($looks_back AND records.close_date IS NULL) THEN 'open'
            WHEN records.is_won OR record_stage.class = 'won' THEN 'won'
            WHEN records.is_closed OR record_stage.class = 'lost' THEN 'lost'
            ELSE 'open' END AS outcome,
       coalesce(records.created_at, make_timestamp(steps[1] >> 10)) AS created_at,
       CASE WHEN close_step IS NOT NULL THEN make_timestamp(steps[close_step] >> 10)
            WHEN steps IS NULL AND (records.is_closed OR record_stage.class <> 'open') AND records.close_date <= $as_of
            THEN records.close_date END AS closed_at,
       make_timestamp(steps[1] >> 10) AS first_at,
       make_timestamp(steps[-1] >> 10) AS last_at,
       records.amount,
       records.currency,
       records.owner,
       steps,
       close_step,
       coalesce(reopened, false) AS reopened
FROM ends AS known
JOIN numbered ON numbered.place = known.rowid
LEFT JOIN records USING (deal_id)
LEFT JOIN labels ON labels.raw = records.stage
LEFT JOIN read_codes AS record_stage ON record_stage.code = labels.code

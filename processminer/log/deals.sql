-- Every deal once: how it stands, when it came and went, what it is worth and whose it is.
CREATE OR REPLACE TABLE deal_histories AS
WITH known AS (
    SELECT deal_id, steps, outcome, close_step, reopened FROM ends
    UNION ALL BY NAME
    SELECT deal_id
    FROM records
    WHERE (created_at IS NULL OR created_at <= $as_of)
      AND deal_id NOT IN (SELECT deal_id FROM ends)
      AND deal_id NOT IN (SELECT deal_id FROM stage_rows WHERE fault = 6)
)
SELECT (row_number() OVER (ORDER BY known.deal_id) - 1)::INTEGER AS deal,
       known.deal_id,
       records.name,
       records.pipeline,
       CASE WHEN known.outcome IS NOT NULL THEN known.outcome
            WHEN records.close_date > $as_of THEN 'open'
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
FROM known
LEFT JOIN records USING (deal_id)
LEFT JOIN labels ON labels.raw = records.stage
LEFT JOIN read_codes AS record_stage ON record_stage.code = labels.code

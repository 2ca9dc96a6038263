-- The same visits told by a window over single events: the plain form, for other engines and as a second count.
SELECT deals.deal,
       row_number() OVER ordered AS position,
       stage_names.code AS stage,
       occurred_at AS entered_at,
       lead(occurred_at) OVER ordered AS left_at,
       lead(stage_names.code) OVER ordered AS next_stage
FROM changes
JOIN stage_names USING (stage)
JOIN deals USING (deal_id)
WINDOW ordered AS (PARTITION BY deals.deal ORDER BY occurred_at, stage_names.code)

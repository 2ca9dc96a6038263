-- How many days usually lie between two looks at the pipeline.
SELECT median(epoch_us(occurred_at) - epoch_us(not_before)) / 86400000000.0
FROM stage_rows
WHERE fault = 0 AND not_before < occurred_at

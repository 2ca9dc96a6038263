-- The stages in the log's order, what class each has, and where in their path deals usually meet it.
CREATE OR REPLACE VIEW clean_stages AS
SELECT code, stage, class, class <> 'open' AS is_closed, class = 'won' AS is_won, code + 1 AS position, usual_place
FROM stage_names LEFT JOIN clean_places USING (stage)

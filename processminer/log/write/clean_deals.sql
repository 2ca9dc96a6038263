-- Every deal once: how it stands, when it came and went, what it is worth and whose it is.
CREATE OR REPLACE VIEW clean_deals AS
SELECT deal, deal_id, name, pipeline, outcome, outcome <> 'open' AS is_closed, outcome = 'won' AS is_won,
       created_at, closed_at, amount, currency, owner, first_at, last_at, close_step, reopened,
       why AS left_out
FROM deal_histories LEFT JOIN (SELECT deal_id, min(why) AS why FROM pathless GROUP BY deal_id) USING (deal_id)

-- Deals stand as they stood when the log was written, unless their path is another one now.
UPDATE deal_histories
SET outcome = stored.outcome, created_at = stored.created_at, closed_at = stored.closed_at, first_at = stored.first_at,
    last_at = stored.last_at, close_step = stored.close_step, reopened = stored.reopened
FROM (SELECT stored_deals.*, coalesce(steps, 0) AS steps
      FROM stored_deals
      LEFT JOIN (SELECT deal_id, count(*) AS steps FROM stage_rows WHERE fault = 0 GROUP BY deal_id) USING (deal_id)
      WHERE fault = 0 AND outcome IN ('won', 'lost', 'open')) AS stored
WHERE deal_histories.deal_id = stored.deal_id AND coalesce(len(deal_histories.steps), 0) = stored.steps

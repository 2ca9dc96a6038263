-- Closed deals whose record bears another close date than the day they were moved to their outcome.
SELECT 'late-close', count(*), count(*), coalesce(min(deal_histories.deal_id, $most), []), NULL
FROM deal_histories
JOIN records USING (deal_id)
WHERE close_step IS NOT NULL
  AND abs(epoch_us(records.close_date) - epoch_us(closed_at)) > $days * 86400000000
  AND deal_histories.deal_id NOT IN (SELECT deal_id FROM lagging)

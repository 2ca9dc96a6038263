-- Closings dated by the record, where that is no earlier than the deal's first event.
UPDATE deal_histories
SET closed_at = records.close_date
FROM records
WHERE records.deal_id = deal_histories.deal_id
  AND close_step IS NOT NULL
  AND abs(epoch_us(records.close_date) - epoch_us(closed_at)) > $days * 86400000000
  AND records.close_date >= first_at

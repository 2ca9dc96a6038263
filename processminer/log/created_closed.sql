-- Deals whose first known event is their closing.
SELECT count(*), coalesce(min(deal_id, $most), []) FROM deals JOIN paths USING (deal) WHERE close_step = 1

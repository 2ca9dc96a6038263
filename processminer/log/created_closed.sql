-- Deals whose first known event is their closing.
SELECT count(*), coalesce(min(deal_id, $most), []) FROM deal_histories WHERE close_step = 1

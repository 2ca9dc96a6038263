-- Deals that went back into the pipeline after a won or lost event.
SELECT count(*), coalesce(min(deal_id, $most), []) FROM deal_histories WHERE reopened

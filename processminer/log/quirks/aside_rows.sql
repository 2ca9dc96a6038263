-- The rows of deals that are not looked at are set aside with them.
UPDATE stage_rows SET fault = deals_aside.fault FROM deals_aside WHERE stage_rows.fault = 0 AND stage_rows.deal_id = deals_aside.deal_id

-- The records of deals that are not looked at.
INSERT INTO records_aside SELECT deal_id, deals_aside.fault FROM records JOIN deals_aside USING (deal_id)

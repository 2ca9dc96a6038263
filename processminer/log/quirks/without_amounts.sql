-- Amounts in other currencies cannot be added to the usual ones.
UPDATE records SET amount = NULL WHERE deal_id IN (SELECT deal_id FROM other_currencies)

-- Every change of a field other than the stage, with the reason where it cannot be used.
CREATE OR REPLACE VIEW field_changes AS
SELECT deals.deal_id, told.occurred_at, told.field, told.old, told.new, told.actor, told.position,
       CASE WHEN told.deal_id IS NULL OR told.field IS NULL OR told.occurred_at IS NULL THEN 1
            WHEN told.deleted THEN 2
            WHEN told.occurred_at > $as_of THEN 3
            -- A change of a person or of another record is told by name and by id: the row with the name is kept.
            WHEN told.by_id AND by_name.field IS NOT NULL THEN 4
            WHEN deals.deal_id IS NULL THEN 5
            ELSE 0 END::UTINYINT AS fault
FROM all_changes AS told
LEFT JOIN deal_ids AS deals USING (same_id)
LEFT JOIN (SELECT DISTINCT same_id, field, occurred_at FROM all_changes WHERE NOT by_id) AS by_name
       ON told.by_id AND by_name.same_id = told.same_id AND by_name.field = told.field AND by_name.occurred_at = told.occurred_at
WHERE told.field IS DISTINCT FROM 'stage'

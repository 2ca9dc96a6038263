-- What each deal has in common with others: its owner, and the attributes that say what a deal is.
CREATE OR REPLACE VIEW deal_groups AS
SELECT deal, 'owner' AS attribute, owner AS value, 0 AS place FROM deals WHERE owner IS NOT NULL
UNION ALL
SELECT DISTINCT deal, attribute, value, place
FROM attributes JOIN segment_attributes USING (attribute)
WHERE value IS NOT NULL

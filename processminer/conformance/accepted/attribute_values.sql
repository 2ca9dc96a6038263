-- Which values the deals have of the attributes that an acceptance asks for.
SELECT attribute, value FROM attributes
UNION
SELECT 'owner', owner FROM deals WHERE owner IS NOT NULL
UNION
SELECT 'pipeline', pipeline FROM deals WHERE pipeline IS NOT NULL
ORDER BY attribute, value

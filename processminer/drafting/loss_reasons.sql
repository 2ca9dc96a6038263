-- Of the columns that may say why deals were lost, the one that most lost deals have filled, and how many.
SELECT attribute, count(DISTINCT deal) AS filled
FROM attributes JOIN deals USING (deal)
WHERE outcome = 'lost' AND attribute IN (SELECT unnest($called::VARCHAR[])) AND trim(value) <> ''
GROUP BY attribute
ORDER BY filled DESC, attribute
LIMIT 1

-- The values of each attribute that differ from a more used one in capitals, blanks or marks alone, and which one that is.
CREATE OR REPLACE TABLE respelled AS
WITH segments AS (
    -- What takes many values (names, ids) tells no groups of deals apart.
    SELECT attribute FROM attributes GROUP BY attribute HAVING approx_count_distinct(value) <= $few
),
counted AS (
    SELECT attribute, value, count(*) AS deals,
           trim(regexp_replace(lower(nfc_normalize(value)), '[\s\p{Pd}\p{Pc}]+', ' ', 'g')) AS folded
    FROM attributes
    -- Ids of Salesforce differ in capitals, and mean different things.
    WHERE attribute IN (SELECT attribute FROM segments) AND NOT regexp_full_match(value, '[0-9A-Za-z]{15}([0-9A-Za-z]{3})?')
    GROUP BY attribute, value
),
spelled AS (
    SELECT attribute, value, deals, folded,
           first_value(value) OVER (PARTITION BY attribute, folded ORDER BY deals DESC, value DESC) AS usual
    FROM counted
)
SELECT attribute, value, usual, deals FROM spelled WHERE value <> usual AND folded <> '' ORDER BY attribute, usual, value

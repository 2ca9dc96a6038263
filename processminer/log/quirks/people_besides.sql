-- People whom the attributes of deals alone name, and what they are called where names are hidden.
INSERT INTO people_named
WITH besides AS (
    SELECT DISTINCT value AS name
    FROM attributes
    WHERE list_contains($columns, attribute) AND try_cast(value AS DOUBLE) IS NULL
      AND lower(trim(value)) NOT IN (SELECT lower(trim(name)) FROM people_named)
)
SELECT name,
       concat('Owner ', (SELECT count(DISTINCT pseudonym) FROM people_named) + dense_rank() OVER (ORDER BY lower(trim(name))))
FROM besides

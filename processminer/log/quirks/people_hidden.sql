-- People in the attributes of deals are called as they are everywhere else.
UPDATE attributes
SET value = known.pseudonym
FROM (SELECT lower(trim(name)) AS name, min(pseudonym) AS pseudonym FROM people_named GROUP BY ALL) AS known
WHERE lower(trim(attributes.value)) = known.name

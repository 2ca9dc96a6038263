-- Who moved a deal into a stage; the first by name where a moment has several.
CREATE OR REPLACE TABLE clean_actors AS
SELECT deal, name AS stage, occurred_at AS entered_at, min(actor) AS actor
FROM events
WHERE kind = 'stage' AND actor IS NOT NULL
GROUP BY ALL

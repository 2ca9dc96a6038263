-- What the log tells of deals as time goes by: whose they were, what they were worth, how often they had gone back, and
-- how many other deals their owner had open.
CREATE OR REPLACE TABLE field_edits AS
SELECT deals.deal, field_rows.field, field_rows.occurred_at, field_rows.old
FROM field_rows
JOIN deals ON deals.deal_id = field_rows.deal_id
WHERE field_rows.field IN ('amount', 'owner');
CREATE OR REPLACE TABLE owner_numbers AS
SELECT owner, row_number() OVER (ORDER BY owner) AS number
FROM (SELECT DISTINCT owner FROM deals WHERE owner IS NOT NULL);
CREATE OR REPLACE TABLE returns_so_far AS
WITH went AS (
    SELECT deal, position, entered_at, stage,
           max(stage) OVER (
               PARTITION BY deal ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ) AS furthest
    FROM stays
    WHERE NOT after_close
)
SELECT deal, position, entered_at,
       count(*) FILTER (WHERE stage < furthest) OVER (
           PARTITION BY deal ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
       ) AS returns,
       epoch_us(min(entered_at) FILTER (WHERE position = 2) OVER (PARTITION BY deal))
           - epoch_us(min(entered_at) OVER (PARTITION BY deal)) AS first_stay_us
FROM went;
CREATE OR REPLACE TABLE owner_load AS
WITH changes AS (
    SELECT owner, first_at AS changed_at, 1 AS more FROM deals WHERE owner IS NOT NULL AND first_at IS NOT NULL
    UNION ALL
    SELECT owner, closed_at, -1 FROM deals
    WHERE owner IS NOT NULL AND first_at IS NOT NULL AND closed_at IS NOT NULL
)
SELECT owner, changed_at, sum(sum(more)) OVER (PARTITION BY owner ORDER BY changed_at) AS open
FROM changes
GROUP BY owner, changed_at;
CREATE OR REPLACE TABLE trait_numbers AS
WITH spoken AS (
    SELECT known_attributes.place, attributes.deal, min(attributes.value) AS value
    FROM attributes
    JOIN known_attributes ON known_attributes.attribute = attributes.attribute
    GROUP BY known_attributes.place, attributes.deal
)
SELECT place, deal, value, dense_rank() OVER (PARTITION BY place ORDER BY value) AS number FROM spoken

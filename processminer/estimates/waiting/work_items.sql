-- Work on deals as it was done: each activity with its start, its end and who did it, and when it could have begun.
-- Work could have begun when the last work on the deal before it was done; of the first work of a deal nobody knows.
CREATE OR REPLACE TABLE work_items AS
WITH ends AS (
    SELECT deal, ended AS moment FROM work_done GROUP BY deal, ended
),
numbered AS (
    SELECT *, row_number() OVER (ORDER BY began, deal, activity, ended) AS item FROM work_done
)
SELECT numbered.item, numbered.deal, numbered.activity, numbered.resource, numbered.has_start,
       numbered.began, numbered.ended, max(ends.moment) AS enabled
FROM numbered
LEFT JOIN ends ON ends.deal = numbered.deal AND ends.moment <= numbered.began
GROUP BY ALL

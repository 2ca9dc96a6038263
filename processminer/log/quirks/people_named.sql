-- Everybody whom the log names, in alphabetical order, and what they are called where names are hidden.
CREATE OR REPLACE TABLE people_named AS
WITH named AS (
    SELECT owner AS name FROM records UNION SELECT actor FROM stage_rows UNION SELECT actor FROM task_rows
)
-- Capitals and blanks at the ends make no other person.
SELECT name, concat('Owner ', dense_rank() OVER (ORDER BY lower(trim(name)))) AS pseudonym FROM named WHERE name IS NOT NULL

-- What fields of deals held from the beginning and after each change: attributes whose values change in time.
CREATE OR REPLACE TEMP TABLE ocel_fields AS
-- A name that no column can bear, or that differs from another in case alone, is told beside the values of `field`.
SELECT field, CASE WHEN twin = 1 AND place <= $most AND NOT regexp_matches(field, '[\x00-\x1F\x7F\x{FFFE}\x{FFFF}]')
                   THEN concat('field.', field) ELSE 'field' END AS name
FROM (SELECT field, row_number() OVER (PARTITION BY lower(field) ORDER BY field) AS twin,
             row_number() OVER (ORDER BY count(*) DESC, field) AS place
      FROM clean_field_events GROUP BY field);
CREATE OR REPLACE TEMP TABLE ocel_turned AS
SELECT deal, step, field, name, occurred_at, old, new, actor, lag(new) OVER turns AS before,
       row_number() OVER turns = 1 AND name <> 'field' AS begins
FROM clean_field_events JOIN ocel_fields USING (field)
WINDOW turns AS (PARTITION BY deal, field ORDER BY step);
-- Before a value stands what it does not tell itself: no value of OCEL says who set it, or what was there.
CREATE OR REPLACE TEMP TABLE ocel_field_values AS
SELECT * REPLACE (strftime(time, $moment) AS time)
FROM (SELECT deal, step, occurred_at AS time, unnest([
                 {'sort': 1, 'name': 'changed_field', 'value': CASE WHEN name = 'field' THEN field END},
                 {'sort': 2, 'name': 'changed_from', 'value': CASE WHEN old IS DISTINCT FROM before AND NOT begins THEN coalesce(old, '') END},
                 {'sort': 3, 'name': 'changed_by', 'value': actor},
                 -- OCEL takes this day for the beginning.
                 {'sort': 4, 'name': 'changed_at', 'value': CASE WHEN occurred_at::DATE = '1970-01-01' THEN strftime(occurred_at, $moment) END},
                 {'sort': 5, 'name': name, 'value': coalesce(new, '')}], recursive := true)
      FROM ocel_turned)
WHERE value IS NOT NULL;
CREATE OR REPLACE TEMP TABLE ocel_begun AS
SELECT deal, name, coalesce(old, '') AS value FROM ocel_turned WHERE begins
UNION ALL
SELECT DISTINCT deal, name, '' FROM ocel_field_values WHERE NOT starts_with(name, 'field.');
DROP TABLE ocel_turned

-- Whether each tracked field was filled when a deal first went on from a stage to a later one.
-- A moment without hours is the whole day. A field that nobody changed has always been as the export shows it.
CREATE OR REPLACE TABLE field_states AS
WITH gone AS (
    SELECT stays.deal, stays.stage AS code, stays.left_at AS moment
    FROM stays
    JOIN stage_names ON stage_names.code = stays.next_stage AND stage_names.class = 'open'
    WHERE NOT stays.after_close AND stays.next_stage > stays.stage
      AND stays.stage IN (SELECT code FROM field_asked)
    QUALIFY row_number() OVER (PARTITION BY stays.deal, stays.stage ORDER BY stays.position) = 1
),
changes AS (
    SELECT deals.deal, field_rows.field, field_rows.occurred_at, field_rows.position, field_rows.old, field_rows.new
    FROM field_rows
    JOIN deals ON deals.deal_id = field_rows.deal_id
    WHERE field_rows.field IN (SELECT field FROM field_asked)
),
asked AS (
    SELECT field_asked.practice, field_asked.field, field_asked.attribute, gone.deal, gone.code, gone.moment
    FROM field_asked
    JOIN gone ON gone.code = field_asked.code
),
dated AS (
    SELECT asked.practice, asked.deal, changes.old, changes.new, changes.occurred_at, changes.position,
           CASE WHEN asked.moment = date_trunc('day', asked.moment) THEN date_trunc('day', changes.occurred_at)
                ELSE changes.occurred_at END <= asked.moment AS before
    FROM asked
    JOIN changes ON changes.deal = asked.deal AND changes.field = asked.field
),
changed AS (
    SELECT practice, deal,
           CASE WHEN bool_or(before) THEN arg_max(coalesce(new, ''), (occurred_at, position)) FILTER (before)
                ELSE arg_min(coalesce(old, ''), (occurred_at, position)) END AS value
    FROM dated
    GROUP BY practice, deal
),
shown AS (
    SELECT deal, attribute, min(value) AS value
    FROM attributes
    WHERE attribute IN (SELECT attribute FROM field_asked)
    GROUP BY deal, attribute
),
told AS (
    SELECT asked.practice, asked.deal, asked.code, asked.moment,
           trim(coalesce(CASE WHEN changed.deal IS NULL THEN shown.value ELSE changed.value END, '')) AS value
    FROM asked
    LEFT JOIN changed ON changed.practice = asked.practice AND changed.deal = asked.deal
    LEFT JOIN shown ON shown.deal = asked.deal AND shown.attribute = asked.attribute
)
SELECT practice, deal, code, moment,
       lower(value) NOT IN ('', 'false', 'no') AND coalesce(try_cast(value AS DOUBLE) <> 0, true) AS filled
FROM told

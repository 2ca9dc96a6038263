-- Every stay in an open stage cut into pieces at the ages by which each twentieth of those who leave the stage has left it, so
-- that within a piece deals leave at much the same rate; and how each piece ended.
CREATE OR REPLACE TABLE work_pieces AS
WITH traits AS (
    SELECT deal,
           max(number) FILTER (WHERE place = 0) AS first_attribute,
           max(number) FILTER (WHERE place = 1) AS second_attribute
    FROM trait_numbers
    GROUP BY deal
),
told AS (
    SELECT stays.deal,
           stays.stage,
           (row_number() OVER (PARTITION BY stays.deal, stays.stage ORDER BY stays.position) > 1)::INTEGER AS again,
           coalesce(owner_numbers.number, 0) AS owner,
           coalesce(traits.first_attribute, 0) AS first_attribute,
           coalesce(traits.second_attribute, 0) AS second_attribute,
           epoch_us(stays.entered_at) AS entered_us,
           epoch_us(coalesce(stays.left_at, $as_of)) AS left_us,
           CASE WHEN stays.left_at IS NULL THEN 'open'
                WHEN target.class = 'lost' THEN 'lost'
                WHEN target.class = 'won' OR stays.next_stage > stays.stage THEN 'onward'
                ELSE 'otherwise' END AS gone
    FROM stays
    JOIN stage_names AS here ON here.code = stays.stage AND here.class = 'open'
    LEFT JOIN stage_names AS target ON target.code = stays.next_stage
    JOIN deals ON deals.deal = stays.deal
    LEFT JOIN owner_numbers ON owner_numbers.owner = deals.owner
    LEFT JOIN traits ON traits.deal = stays.deal
    WHERE NOT stays.after_close AND stays.timed
),
ages AS (
    SELECT stage, unnest(list_distinct(quantile_disc(left_us - entered_us, list_transform(range(1, 20), lambda part: part / 20.0)))) AS age
    FROM told
    WHERE gone <> 'open' AND left_us > entered_us
    GROUP BY stage
),
bounds AS (
    SELECT stage, age AS since FROM ages UNION SELECT DISTINCT stage, 0 FROM told
),
spans AS (
    SELECT stage, since, lead(since, 1, 36500 * 86400000000) OVER (PARTITION BY stage ORDER BY since) AS until,
           row_number() OVER (ORDER BY stage, since) - 1 AS span
    FROM bounds
)
SELECT told.deal,
       told.stage,
       spans.span,
       told.again,
       told.owner,
       told.first_attribute,
       told.second_attribute,
       told.entered_us + spans.since AS from_us,
       least(told.left_us, told.entered_us + spans.until) AS to_us,
       CASE WHEN told.left_us <= told.entered_us + spans.until THEN told.gone ELSE 'still there' END AS gone
FROM told
JOIN spans ON spans.stage = told.stage AND told.left_us > told.entered_us + spans.since

-- How many deals went on from a stage with and without a field.
SELECT practice, count(*) FILTER (filled) AS with_it, count(*) FILTER (NOT filled) AS without
FROM field_states
GROUP BY practice
ORDER BY practice

-- Stages that the export's dictionary calls inactive, and how many rows entered them all the same.
SELECT read_codes.stage, count(*) AS rows_there
FROM stage_rows
JOIN read_codes USING (code)
WHERE fault = 0
  AND read_codes.stage IN (SELECT label FROM stage_dictionary WHERE NOT active)
  AND read_codes.stage NOT IN (SELECT label FROM stage_dictionary WHERE active)
GROUP BY read_codes.stage
ORDER BY rows_there DESC, read_codes.stage

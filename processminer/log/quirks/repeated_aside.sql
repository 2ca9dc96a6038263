-- Of rows written twice one counts.
UPDATE stage_rows SET fault = $fault WHERE fault = 0 AND position IN (SELECT position FROM repeated)

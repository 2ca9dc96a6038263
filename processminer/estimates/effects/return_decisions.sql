-- When deals first left a stage, and whether they went back by it, or on, or were closed. Closing counts as not going back:
-- who goes on has come through the stage, who goes back has it still ahead, so that only all who leave are alike.
INSERT INTO decisions
SELECT return_asked.practice,
       stays.deal,
       stays.left_at AS moment,
       stays.stage AS came_from,
       stage_names.class = 'open' AND stays.next_stage < stays.stage AS done
FROM return_asked
JOIN stays ON stays.stage = return_asked.code AND NOT stays.after_close
JOIN stage_names ON stage_names.code = stays.next_stage
WHERE stays.next_stage <> stays.stage
QUALIFY row_number() OVER (PARTITION BY return_asked.practice, stays.deal ORDER BY stays.position) = 1

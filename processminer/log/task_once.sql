-- An activity of several deals is set aside once, and only if it is set aside for all of them.
DELETE FROM task_rows
WHERE fault > 0
  AND rowid NOT IN (SELECT arg_min(rowid, fault)
                    FROM task_rows
                    WHERE position IN (SELECT position FROM task_rows WHERE fault > 0)
                    GROUP BY position)

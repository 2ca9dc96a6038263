-- When each action that is looked at was taken, as activities show it.
CREATE OR REPLACE TABLE action_moments AS
SELECT practice, deal, occurred_at FROM tasks_told

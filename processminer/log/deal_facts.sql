-- What is known of each deal beside its path.
CREATE OR REPLACE VIEW deals AS SELECT * EXCLUDE (steps, close_step, reopened) FROM deal_histories

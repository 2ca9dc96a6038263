-- The path of each deal that has one.
CREATE OR REPLACE VIEW paths AS SELECT deal, steps, close_step FROM deal_histories WHERE steps IS NOT NULL

-- The deals of all comparisons of a field filled with a field empty, at the moment they went on.
CREATE OR REPLACE TABLE decisions AS
SELECT practice, deal, moment, code AS came_from, filled AS done FROM field_states

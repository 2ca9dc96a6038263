-- Nothing is accepted, so nothing is excused.
CREATE OR REPLACE TABLE excused (deal INTEGER, kind VARCHAR, subject VARCHAR, stage VARCHAR, acceptance INTEGER)

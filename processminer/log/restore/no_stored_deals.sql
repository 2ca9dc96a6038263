-- A clean log whose file of deals is missing.
CREATE OR REPLACE TABLE stored_deals (deal_id VARCHAR, outcome VARCHAR, created_at TIMESTAMP, closed_at TIMESTAMP,
                                      first_at TIMESTAMP, last_at TIMESTAMP, close_step INTEGER, reopened BOOLEAN, left_out VARCHAR,
                                      position BIGINT, fault UTINYINT)

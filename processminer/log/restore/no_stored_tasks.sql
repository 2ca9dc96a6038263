-- A clean log without activities.
CREATE OR REPLACE TABLE stored_tasks (deal_id VARCHAR, occurred_at TIMESTAMP, name VARCHAR, subject VARCHAR,
                                      actor VARCHAR, position BIGINT, started_at TIMESTAMP, ended_at TIMESTAMP)

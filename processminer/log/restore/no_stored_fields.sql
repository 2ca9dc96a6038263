-- A clean log without changes of fields.
CREATE OR REPLACE TABLE stored_fields (deal_id VARCHAR, occurred_at TIMESTAMP, field VARCHAR, old VARCHAR, "new" VARCHAR,
                                       actor VARCHAR, position BIGINT)

-- A step that the record adds without saying when it was taken is dated by the log's end, which is no true moment.
INSERT INTO untimed_rows SELECT deal_id, occurred_at, code, 'history-behind-record' FROM lagging WHERE NOT told

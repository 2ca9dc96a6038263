-- Where dates have no time of day, and that is too rough for the reader, no moment is taken as true.
INSERT INTO untimed_rows SELECT deal_id, occurred_at, code, 'day-precision' FROM stage_rows WHERE fault = 0

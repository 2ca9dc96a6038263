-- The fields of deals whose changes the log tells.
SELECT DISTINCT field FROM field_rows ORDER BY field

-- Every table and view of the attached file: its columns in order, their types, and which of them tell rows apart.
SELECT columns.schema_name, columns.table_name, columns.column_name, columns.data_type,
       coalesce(list_contains(keys.constraint_column_names, columns.column_name), false),
       columns.table_oid IN (SELECT table_oid FROM duckdb_tables() WHERE database_name = $of)
FROM duckdb_columns() AS columns
LEFT JOIN duckdb_constraints() AS keys
  ON keys.database_name = columns.database_name AND keys.table_oid = columns.table_oid
 AND keys.constraint_type = 'PRIMARY KEY'
WHERE columns.database_name = $of AND NOT columns.internal
ORDER BY columns.schema_name, columns.table_name, columns.column_index

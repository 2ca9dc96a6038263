-- Every table and view that this user may read: its columns in order, their types, and which of them tell rows apart.
SELECT spaces.nspname::text AS schema, tables.relname::text AS name, columns.attname::text AS column,
       format_type(CASE WHEN types.typtype = 'd' THEN types.typbasetype ELSE types.oid END, NULL)::text AS type,
       coalesce(columns.attnum = ANY (keys.indkey::int2[]), false) AS is_key,
       tables.relkind IN ('r', 'p') AS is_table
FROM pg_class AS tables
JOIN pg_namespace AS spaces ON spaces.oid = tables.relnamespace
JOIN pg_attribute AS columns ON columns.attrelid = tables.oid AND columns.attnum > 0 AND NOT columns.attisdropped
JOIN pg_type AS types ON types.oid = columns.atttypid
LEFT JOIN pg_index AS keys ON keys.indrelid = tables.oid AND keys.indisprimary
WHERE tables.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT tables.relispartition
  AND spaces.nspname NOT IN ('pg_catalog', 'information_schema') AND spaces.nspname !~ '^pg_(toast|temp)'
  AND has_schema_privilege(spaces.oid, 'USAGE') AND has_column_privilege(tables.oid, columns.attnum, 'SELECT')
ORDER BY schema, name, columns.attnum

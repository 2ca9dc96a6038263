-- Every table and view of the file: its columns in order, their types, and which of them tell rows apart.
SELECT 'main', tables.name, columns.name, columns.type, columns.pk > 0, tables.type = 'table'
FROM sqlite_master AS tables, pragma_table_xinfo(tables.name) AS columns
WHERE tables.type IN ('table', 'view') AND tables.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND columns.hidden <> 1
ORDER BY tables.name, columns.cid

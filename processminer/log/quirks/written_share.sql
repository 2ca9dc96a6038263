-- How many of the rows were written in one of these ways, and by which words the export says so.
SELECT (SELECT count(*) FROM written WHERE how = $how),
       (SELECT count(*) FROM stage_rows WHERE fault = 0),
       (SELECT list(DISTINCT writer ORDER BY writer) FROM writers WHERE how = $how)

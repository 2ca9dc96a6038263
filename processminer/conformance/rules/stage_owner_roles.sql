-- Which role or team the log gives to whoever owned each deal last, where every change of stage names the owner.
SELECT DISTINCT owner, value
FROM (SELECT deal, arg_max(actor, (occurred_at, position)) AS owner FROM events WHERE kind = 'stage' AND actor IS NOT NULL GROUP BY deal)
JOIN attributes USING (deal)
WHERE attribute IN (SELECT unnest($columns::VARCHAR[]))
ORDER BY owner, value

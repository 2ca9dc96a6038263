-- Each distinct path with how its deals ended, at which step they closed, and how many took it.
SELECT variant,
       deals,
       path,
       CASE WHEN won > 0 THEN 'won' WHEN lost > 0 THEN 'lost' ELSE 'open' END AS outcome,
       close_step
FROM variants
ORDER BY variant

-- Everybody who owned a deal, where every change of stage names the owner.
SELECT DISTINCT actor AS person FROM events WHERE kind = 'stage' AND actor IS NOT NULL ORDER BY person

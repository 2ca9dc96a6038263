-- How many deals each acceptance is for, and how many it excused.
SELECT acceptance,
       (SELECT count(DISTINCT deal) FROM accepted_matches AS m WHERE m.acceptance = acceptances.acceptance) AS matches,
       (SELECT count(DISTINCT deal) FROM excused AS e WHERE e.acceptance = acceptances.acceptance) AS deals
FROM acceptances
ORDER BY acceptance

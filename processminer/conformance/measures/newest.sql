-- How well the newest 30 % of deals by their begin fit the playbook, and how well those before them do.
WITH begun AS (
    SELECT deal, fitness, verdict, outcome,
           row_number() OVER (ORDER BY coalesce(first_at, created_at) DESC NULLS LAST, deal_id DESC) AS place,
           count(*) OVER () AS deals
    FROM deal_fitness JOIN deals USING (deal)
)
SELECT place <= ceil(deals * 0.3) AS newest,
       count(*) AS deals,
       avg(fitness ORDER BY deal) AS mean,
       coalesce(var_samp(fitness ORDER BY deal), 0) AS variance,
       count(*) FILTER (WHERE outcome = 'open') AS open
FROM begun
GROUP BY newest
ORDER BY newest

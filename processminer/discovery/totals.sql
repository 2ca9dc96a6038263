-- How the deals stand, and which of them have no path to look at.
SELECT count(*) AS deals,
       count(*) FILTER (WHERE outcome = 'won') AS won,
       count(*) FILTER (WHERE outcome = 'lost') AS lost,
       count(*) FILTER (WHERE outcome = 'open') AS open,
       count(*) FILTER (WHERE first_at IS NULL) AS undated,
       count(*) FILTER (WHERE close_step = 1) AS created_closed,
       min(first_at) AS since
FROM deal_histories

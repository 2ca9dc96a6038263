-- How many deals there are, closed and won ones, those with a path, and how many stages the usual deal was seen in.
SELECT count(*), count(*) FILTER (WHERE outcome <> 'open'), count(*) FILTER (WHERE outcome = 'won'),
       count(first_at), coalesce(quantile_disc(len(steps), 0.75), 0)
FROM deal_histories

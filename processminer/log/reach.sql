-- How many deals there are, closed and won ones, those with a path, and in how many open stages the usual deal was seen.
SELECT count(*), count(*) FILTER (WHERE outcome <> 'open'), count(*) FILTER (WHERE outcome = 'won'),
       count(first_at), coalesce(quantile_disc(len(steps), 0.75), 0)
FROM deals LEFT JOIN paths USING (deal)

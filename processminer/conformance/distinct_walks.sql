-- Each distinct walk with its path, how it ended and how many deals walked it.
SELECT walk, walks.deals, path, outcome, close_step
FROM walks
JOIN variants USING (variant)
ORDER BY walk

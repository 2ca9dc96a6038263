-- The first few deals whose path was not decided in the time it was given.
SELECT min(deal_id, 5)
FROM deal_variants
JOIN variant_paths USING (variant)
JOIN undecided_paths USING (path)
JOIN deals USING (deal)

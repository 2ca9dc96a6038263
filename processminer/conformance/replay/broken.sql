-- What each deal breaks of one of the playbooks, the ways numbered.
SELECT DISTINCT deal_id, way
FROM deal_deviations
JOIN deals USING (deal)
JOIN replayed_ways ON kind = of_kind AND subject = of_subject AND stage IS NOT DISTINCT FROM of_stage

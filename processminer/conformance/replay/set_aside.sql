-- How each deal stands to one of the playbooks, and whether it was in a stage that is cut differently in the other.
SELECT deal_id,
       outcome,
       verdict = 'violating' AS breaks,
       deal IN (SELECT deal FROM stays JOIN recut_stages USING (stage)) AS recut
FROM deal_verdicts
JOIN deals USING (deal)

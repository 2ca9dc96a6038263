-- Which role or team the export gives to each owner of deals.
SELECT DISTINCT owner, value
FROM deals JOIN attributes USING (deal)
WHERE owner IS NOT NULL AND attribute IN (SELECT unnest($columns::VARCHAR[]))
ORDER BY owner, value

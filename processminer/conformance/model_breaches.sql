-- Where each deal leaves a model that was given as BPMN or PNML.
CREATE OR REPLACE TABLE deal_breaches AS
SELECT deal, breach
FROM deal_variants
JOIN variant_paths USING (variant)
JOIN path_breaches USING (path)

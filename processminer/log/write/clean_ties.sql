-- Whether events of one moment stand in the order of the stages in every path.
SELECT coalesce(bool_and(steps = list_sort(steps)), true) FROM paths

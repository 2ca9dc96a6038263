-- Whether events of one moment stand in the order of the stages in every path, and whether any repeats the stage before.
SELECT coalesce(bool_and(steps = list_sort(steps)), true),
       coalesce(bool_or(len(list_filter(steps, lambda step, place: place > 1 AND (step & 1023) = (steps[place - 1] & 1023))) > 0), false)
FROM paths

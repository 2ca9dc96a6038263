"""Sales organisations that do not exist, with faults planted in them: what an audit must find, and what it must not.

They share no mechanics with `samples`: here a deal is not told its end beforehand, it runs the risk of each stage in
turn. `python -m tests.organisations RUNS` plays all of them and prints how the audits did.
"""
